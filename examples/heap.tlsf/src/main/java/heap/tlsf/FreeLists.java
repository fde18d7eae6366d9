package heap.tlsf;

import allocator.api.CorruptionException;

/**
 * The free blocks: a list per class of sizes, a bitmap of the rows that have any and, per row, one
 * of the columns that have any. A search reads two words of bitmap and the head of one list.
 */
final class FreeLists {
  private final Mapping mapping;
  private final Tags tags;
  private final int shift;

  /** First block of each list, or 0. */
  final long[] heads;

  /** Blocks in each list. */
  final int[] counts;

  /** Which columns of a row have blocks. */
  final long[] columns;

  /** Which rows have blocks. */
  long rows;

  /** Lists whose head was read by a search. */
  long looked;

  /** Bytes of all free blocks. */
  long bytes;

  /** Free blocks. */
  long blocks;

  FreeLists(Mapping mapping, Tags tags) {
    this.mapping = mapping;
    this.tags = tags;
    this.shift = Integer.numberOfTrailingZeros(mapping.columns);
    this.heads = new long[mapping.rows * mapping.columns];
    this.counts = new int[heads.length];
    this.columns = new long[mapping.rows];
  }

  /**
   * {@return a free block of at least that size, or 0}
   *
   * @param size of the block, below the mapping's limit
   */
  long find(long size) {
    int list = firstFrom(mapping.search(size));
    if (list >= 0) {
      looked++;
      return heads[list];
    }
    return secondLook(size);
  }

  /** {@return the first list from that one on that has a block, or -1} */
  private int firstFrom(int list) {
    int row = list >>> shift;
    if (row >= columns.length) {
      return -1;
    }
    long inRow = columns[row] & (-1L << (list & (mapping.columns - 1)));
    return inRow != 0 ? (row << shift) + Long.numberOfTrailingZeros(inRow) : firstAbove(row);
  }

  private int firstAbove(int row) {
    long above = rows & (-2L << row);
    if (above == 0) {
      return -1;
    }
    int at = Long.numberOfTrailingZeros(above);
    return (at << shift) + Long.numberOfTrailingZeros(columns[at]);
  }

  /*
   * The class that the size itself belongs to may hold blocks that are large enough and some that
   * are not. One look at the first of them is still constant, and finds the block that was freed
   * last, when it is asked for again.
   */
  private long secondLook(long size) {
    long head = heads[mapping.insert(size)];
    looked++;
    return head != 0 && Tags.size(tags.read(head)) >= size ? head : 0;
  }

  /** Adds a free block whose tag and foot are written. */
  void insert(long at, long size) {
    int list = mapping.insert(size);
    long head = heads[list];
    tags.next(at, head);
    tags.previous(at, 0);
    if (head != 0) {
      tags.previous(head, at);
    }
    heads[list] = at;
    counts[list]++;
    int row = list >>> shift;
    columns[row] |= 1L << (list & (mapping.columns - 1));
    rows |= 1L << row;
    bytes += size;
    blocks++;
  }

  /**
   * Requires that a free block is in its list.
   *
   * @throws CorruptionException if a neighbour in the list does not point back
   */
  void check(long at, long size) {
    long next = tags.next(at);
    long previous = tags.previous(at);
    boolean first = previous == 0 && heads[mapping.insert(size)] == at;
    if (!first && (!isPlace(previous) || tags.next(previous) != at)) {
      throw damaged(at, size, "previous", previous);
    }
    if (next != 0 && (!isPlace(next) || tags.previous(next) != at)) {
      throw damaged(at, size, "next", next);
    }
  }

  private boolean isPlace(long at) {
    long offset = at - tags.window.base();
    return (at & (Tags.ALIGN - 1)) == Tags.OVERHEAD && offset > 0 && offset < tags.window.size();
  }

  private static CorruptionException damaged(long at, long size, String link, long to) {
    return new CorruptionException(
        "the free block at 0x%x of %d bytes: its link %s=0x%x does not lead to one that points back"
            .formatted(at + Tags.OVERHEAD, size, link, to));
  }

  /** Takes out a block that {@link #check} has passed. */
  void remove(long at, long size) {
    int list = mapping.insert(size);
    long next = tags.next(at);
    long previous = tags.previous(at);
    if (next != 0) {
      tags.previous(next, previous);
    }
    if (previous != 0) {
      tags.next(previous, next);
    } else {
      heads[list] = next;
      if (next == 0) {
        clear(list);
      }
    }
    counts[list]--;
    bytes -= size;
    blocks--;
  }

  private void clear(int list) {
    int row = list >>> shift;
    columns[row] &= ~(1L << (list & (mapping.columns - 1)));
    if (columns[row] == 0) {
      rows &= ~(1L << row);
    }
  }
}
