package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.MAX_ORDER;
import static physmem.buddy.Geometry.MOVABLE;

/**
 * The layout of what is kept per pageblock of one zone, in host memory that reads as zero until it
 * is touched.
 *
 * <pre>
 * marks    1 byte per pageblock
 *            2 .. 0  migrate type xor MOVABLE, so that untouched memory says movable
 *            3       a free block of order 9 is here
 *            4       a free block of order 10 begins here
 *            5       busy: some frames are in use, cached, or free in lower orders
 *            6       the record and the frame bytes were written at some time
 * links9   8 bytes per pageblock: next and previous element in a list of order 9
 * links10  8 bytes per two pageblocks: the same for order 10
 * records  256 bytes per pageblock, for orders 0 to 8
 *            0       1022 bits: one per possible first frame of a free block; order k begins at
 *                    bit 1024 - 1024/2^k
 *            128     next and previous element for each order, 8 bytes each
 *            200     number of free blocks for each order, 2 bytes each
 * </pre>
 *
 * <p>List elements are pageblock indices, stored plus one so that zero is none.
 */
final class PageblockTable {
  static final int TYPE = 0x07;
  static final int FREE9 = 0x08;
  static final int FREE10 = 0x10;
  static final int BUSY = 0x20;
  static final int TOUCHED = 0x40;

  /** Bytes of a pageblock's record. */
  static final long RECORD_BYTES = 256;

  private static final long LINKS_AT = 128;
  private static final long COUNTS_AT = 200;
  private static final long LINK_BYTES = 8;
  private static final long PREVIOUS_AT = 4;
  private static final int BITS =
      2 * BLOCK_FRAMES; // bits of all orders of a pageblock, and 2 spare
  private static final int SHIFT_WORD = 6; // 64 bits per word
  private static final int SHIFT_BYTES = 3; // 8 bytes per word

  private final long base;
  private final int blocks;
  private final long marks;
  private final long links9;
  private final long links10;
  private final long records;
  private final SplitTally tally = new SplitTally();

  /**
   * Lays the table over zeroed memory.
   *
   * @param base first frame, a multiple of the largest block
   * @param blocks number of pageblocks, even
   * @param address host address of {@link #bytes} bytes
   */
  PageblockTable(long base, int blocks, long address) {
    this.base = base;
    this.blocks = blocks;
    this.records = address;
    this.links9 = records + RECORD_BYTES * blocks;
    this.links10 = links9 + LINK_BYTES * blocks;
    this.marks = links10 + LINK_BYTES * (blocks >>> 1);
  }

  /** {@return the bytes that the table of so many pageblocks takes, a multiple of eight} */
  static long bytes(int blocks) {
    long perPair = 2 * RECORD_BYTES + 2 * LINK_BYTES + LINK_BYTES + 2;
    return (perPair * (blocks >>> 1) + 15) & -8L; // and room for reading marks eight at a time
  }

  /** {@return what is there for every pageblock, touched at boot: marks and links of order 10} */
  long denseBytes() {
    return blocks + LINK_BYTES * (blocks >>> 1);
  }

  /** {@return one mark for eight pageblocks, to be compared with {@link #eightMarks}} */
  static long eight(int mark) {
    return 0x0101010101010101L * mark;
  }

  SplitTally tally() {
    return tally;
  }

  int blocks() {
    return blocks;
  }

  int indexOf(long frame) {
    return (int) ((frame - base) >>> BLOCK_ORDER);
  }

  long frameOf(int block) {
    return base + ((long) block << BLOCK_ORDER);
  }

  int mark(int block) {
    return Cells.getByte(marks + block);
  }

  /** {@return the marks of eight pageblocks, from the one given on} */
  long eightMarks(int block) {
    return Cells.getLong(marks + block);
  }

  void setMark(int block, int bits) {
    Cells.putByte(marks + block, mark(block) | bits);
  }

  void clearMark(int block, int bits) {
    Cells.putByte(marks + block, mark(block) & ~bits);
  }

  /** {@return whether all of a pageblock is free, as a block of its own or half of one} */
  boolean isWhole(int block) {
    return (mark(block) & FREE9) != 0 || (mark(block & -2) & FREE10) != 0;
  }

  int type(int block) {
    return (mark(block) & TYPE) ^ MOVABLE;
  }

  void setType(int block, int type) {
    Cells.putByte(marks + block, (mark(block) & ~TYPE) | (type ^ MOVABLE));
  }

  /** {@return the bit of a possible block of an order below 9, among those of its pageblock} */
  static int slot(long frame, int order) {
    return firstSlot(order) + ((int) (frame & (BLOCK_FRAMES - 1)) >>> order);
  }

  /**
   * {@return the bit of the block one order up that holds a block; the buddy's bit is the other}
   */
  static int above(int slot) {
    return BLOCK_FRAMES + (slot >>> 1);
  }

  private static int firstSlot(int order) {
    return BITS - (BITS >>> order);
  }

  boolean bit(int block, int slot) {
    return (Cells.getLong(wordAddress(block, slot)) >>> slot & 1) != 0;
  }

  void flip(int block, int slot) {
    long address = wordAddress(block, slot);
    Cells.putLong(address, Cells.getLong(address) ^ (1L << slot));
  }

  /** Writes 64 of a pageblock's bits, for a record that had none of them set. */
  void writeWord(int block, int word, long bits) {
    if (bits != 0) {
      Cells.putLong(wordAddress(block, word << SHIFT_WORD), bits);
    }
  }

  private long wordAddress(int block, int slot) {
    return records + RECORD_BYTES * block + (slot >>> SHIFT_WORD << SHIFT_BYTES);
  }

  /**
   * {@return the lowest first frame of a free block of an order, at most 8, in a pageblock, at or
   * behind a place, or NONE}
   *
   * @param block the pageblock
   * @param order the order
   * @param skip the number of possible blocks of that order to leave out
   */
  long firstFrom(int block, int order, int skip) {
    int begin = firstSlot(order) + skip;
    int end = firstSlot(order + 1);
    if (begin >= end) {
      return Geometry.NONE;
    }
    long word = Cells.getLong(wordAddress(block, begin)) & (-1L << begin);
    int at = begin & -Long.SIZE;
    while (word == 0 && at + Long.SIZE < end) {
      at += Long.SIZE;
      word = Cells.getLong(wordAddress(block, at));
    }
    int found = at + Long.numberOfTrailingZeros(word);
    return found >= end ? Geometry.NONE : frameOf(block) + ((found - firstSlot(order)) << order);
  }

  int count(int block, int order) {
    return Cells.getShort(countAddress(block, order));
  }

  /** Changes a count; {@return the new one} */
  int raise(int block, int order, int change) {
    long address = countAddress(block, order);
    int count = Cells.getShort(address) + change;
    Cells.putShort(address, count);
    return count;
  }

  /** {@return the free frames of a pageblock that is not free as a whole} */
  int framesIn(int block) {
    int sum = 0;
    for (int order = 0; order < BLOCK_ORDER; order++) {
      sum += count(block, order) << order;
    }
    return sum;
  }

  private long countAddress(int block, int order) {
    return records + RECORD_BYTES * block + COUNTS_AT + 2L * order;
  }

  int next(int block, int order) {
    return Cells.getInt(link(block, order)) - 1;
  }

  int previous(int block, int order) {
    return Cells.getInt(link(block, order) + PREVIOUS_AT) - 1;
  }

  void setNext(int block, int order, int next) {
    Cells.putInt(link(block, order), next + 1);
  }

  void setPrevious(int block, int order, int previous) {
    Cells.putInt(link(block, order) + PREVIOUS_AT, previous + 1);
  }

  private long link(int block, int order) {
    if (order < BLOCK_ORDER) {
      return records + RECORD_BYTES * block + LINKS_AT + LINK_BYTES * order;
    }
    return order < MAX_ORDER ? links9 + LINK_BYTES * block : links10 + LINK_BYTES * (block >>> 1);
  }
}
