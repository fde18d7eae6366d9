package heap.tlsf;

/**
 * The mapping function: from the size of a block to the list that holds its like.
 *
 * <p>The first level is the power of two, the second cuts each power of two into equally many
 * parts. Below {@link #linear} the parts would be finer than the alignment, so there the lists are
 * simply the multiples of 16, as row 0. Both levels are kept in one number, row * columns + column.
 */
final class Mapping {
  private final int secondLevel;
  private final int firstRow; // log2 of linear

  /** Columns in each row. */
  final int columns;

  /** Rows of lists. */
  final int rows;

  /** Bytes from which sizes are mapped by powers of two. */
  final long linear;

  /** Bytes that no block reaches. */
  final long limit;

  /** Bytes of the smallest block. */
  final long least;

  Mapping(int secondLevel, int firstLevel, long least) {
    this.secondLevel = secondLevel;
    this.columns = 1 << secondLevel;
    this.firstRow = secondLevel + 4; // log2 of the alignment
    this.linear = 1L << firstRow;
    this.limit = 1L << firstLevel;
    this.rows = firstLevel - firstRow + 1;
    this.least = least;
  }

  /**
   * {@return the size of the block for a request, with its tag, a multiple of 16; a value from
   * {@link #limit} up if there is none}
   */
  long blockSize(long bytes) {
    if (bytes >= limit) {
      return limit;
    }
    return Math.max(least, (bytes + Tags.OVERHEAD + Tags.ALIGN - 1) & -Tags.ALIGN);
  }

  /** {@return the list that a free block of that size is kept in} */
  int insert(long size) {
    if (size < linear) {
      return (int) (size >>> 4);
    }
    int power = 63 - Long.numberOfLeadingZeros(size);
    int row = power - firstRow + 1;
    int column = (int) (size >>> (power - secondLevel)) - columns;
    return (row << secondLevel) + column;
  }

  /**
   * {@return the first list whose blocks are all at least that large; a number from rows * columns
   * up if there is none}
   */
  int search(long size) {
    return insert(roundUp(size));
  }

  /** {@return the size rounded up to the smallest size of a list} */
  long roundUp(long size) {
    if (size < linear) {
      return size;
    }
    int power = 63 - Long.numberOfLeadingZeros(size);
    long step = 1L << (power - secondLevel);
    return (size + step - 1) & -step;
  }

  /** {@return the smallest size that is kept in a list} */
  long from(int list) {
    int row = list >>> secondLevel;
    int column = list & (columns - 1);
    return row == 0 ? 16L * column : (long) (columns + column) << (row - 1 + 4);
  }
}
