package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.NONE;

/**
 * Which frames of one zone would still be free after some were taken: a draft beside the zone's
 * free lists, kept only for pageblocks of which a frame was taken, and laid over zeroed memory.
 *
 * <pre>
 * rows     64 bytes per pageblock: one bit per frame, set if it is free
 * types    1 byte per pageblock: 0 if nothing of it was taken, else its first taker's type plus one
 * </pre>
 *
 * <p>Reads which blocks of the zone are free and changes nothing there. For one thread while no
 * call is under way.
 */
final class FreeMaps {
  /** Words of a row. */
  static final int ROW_WORDS = BLOCK_FRAMES / Long.SIZE;

  private static final int SHIFT_WORD = 6; // 64 bits per word
  private static final int SHIFT_BYTES = 3; // 8 bytes per word
  private static final long ROW_BYTES = BLOCK_FRAMES / Byte.SIZE;

  private final PageblockTable table;
  private final long rows;
  private final long types;

  /**
   * Lays a draft over zeroed memory.
   *
   * @param table what the zone knows of its pageblocks
   * @param address host address of {@link #bytes} bytes
   */
  FreeMaps(PageblockTable table, long address) {
    this.table = table;
    this.rows = address;
    this.types = rows + ROW_BYTES * table.blocks();
  }

  /** {@return the bytes that a draft takes} */
  static long bytes(PageblockTable table) {
    return (ROW_BYTES + 1) * table.blocks() + Long.BYTES; // types are read eight at a time
  }

  /**
   * Takes frames of one pageblock, as many as are free.
   *
   * @param type the migrate type for the pageblock, if nothing of it was taken before
   * @return whether all of them were free
   */
  boolean take(long from, long to, int type) {
    int block = table.indexOf(from);
    if (Cells.getByte(types + block) == 0) {
      begin(block, type);
    }
    int first = (int) from & (BLOCK_FRAMES - 1);
    int last = first + (int) (to - from) - 1;
    for (int at = first; at <= last; at = (at | (Long.SIZE - 1)) + 1) {
      if (!takeBits(word(block, at), mask(at, last))) {
        return false;
      }
    }
    return true;
  }

  private void begin(int block, int type) {
    writeFree(block);
    Cells.putByte(types + block, type + 1);
    table.raise(block, 0, 0); // changes nothing but that the host has memory there from now on
  }

  private static boolean takeBits(long address, long bits) {
    long word = Cells.getLong(address);
    if ((word & bits) != bits) {
      return false;
    }
    Cells.putLong(address, word ^ bits);
    return true;
  }

  /** {@return the bits of a word from one on up to another, or to the end of the word} */
  private static long mask(int from, int last) {
    long upward = -1L << from;
    return (from | (Long.SIZE - 1)) > last ? upward & (-1L >>> ~last) : upward;
  }

  private long word(int block, int bit) {
    return rows + ROW_BYTES * block + (bit >>> SHIFT_WORD << SHIFT_BYTES);
  }

  /** {@return eight frames' worth of words: one of a pageblock's eight} */
  long row(int block, int index) {
    return Cells.getLong(word(block, index << SHIFT_WORD));
  }

  /** Sets the bits of the frames of a pageblock that the zone has free. */
  private void writeFree(int block) {
    if (table.isWhole(block)) {
      set(block, 0, BLOCK_FRAMES - 1);
    } else if ((table.mark(block) & PageblockTable.BUSY) != 0) {
      for (int order = 0; order < BLOCK_ORDER; order++) {
        writeOrder(block, order);
      }
    }
  }

  private void writeOrder(int block, int order) {
    long frame = table.firstFrom(block, order, 0);
    while (frame != NONE) {
      int first = (int) frame & (BLOCK_FRAMES - 1);
      set(block, first, first + (1 << order) - 1);
      frame = table.firstFrom(block, order, (first >>> order) + 1);
    }
  }

  private void set(int block, int first, int last) {
    for (int at = first; at <= last; at = (at | (Long.SIZE - 1)) + 1) {
      long address = word(block, at);
      Cells.putLong(address, Cells.getLong(address) | mask(at, last));
    }
  }

  /** {@return the first pageblock at or behind one of which something was taken, or -1} */
  int nextTouched(int from) {
    for (int block = from; block < table.blocks(); block++) {
      long eight = Cells.getLong(types + block);
      if (eight != 0) {
        int found = block + (Long.numberOfTrailingZeros(eight) >>> SHIFT_BYTES);
        return found < table.blocks() ? found : -1;
      }
      block += Long.BYTES - 1;
    }
    return -1;
  }

  /** {@return the migrate type that a pageblock gets of which something was taken} */
  int type(int block) {
    return Cells.getByte(types + block) - 1;
  }

  /** Clears the bytes of every frame that was taken. */
  void clearTaken(LiveFrames live) {
    long[] left = new long[ROW_WORDS];
    for (int block = nextTouched(0); block >= 0; block = nextTouched(block + 1)) {
      for (int i = 0; i < ROW_WORDS; i++) {
        left[i] = row(block, i);
      }
      writeFree(block);
      for (int i = 0; i < ROW_WORDS; i++) {
        clear(live, table.frameOf(block) + (long) i * Long.SIZE, row(block, i) & ~left[i]);
      }
    }
  }

  private static void clear(LiveFrames live, long first, long bits) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      live.set(first + Long.numberOfTrailingZeros(rest), 0);
    }
  }

  /** Begins again with nothing taken. */
  void forget() {
    for (int block = nextTouched(0); block >= 0; block = nextTouched(block + 1)) {
      Cells.putByte(types + block, 0);
      for (int i = 0; i < ROW_WORDS; i++) {
        Cells.putLong(word(block, i << SHIFT_WORD), 0);
      }
    }
  }
}
