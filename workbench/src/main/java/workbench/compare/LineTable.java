package workbench.compare;

/**
 * A hash table from a cache line to the number of the event that last freed a block there: open
 * addressing with linear probing (Knuth 6.4 L). Lines are never removed. Not safe for use by
 * several threads at once.
 */
final class LineTable {
  /** The answer for a line that no block began at before. */
  static final long NEVER = -1;

  private static final int FIRST_CAPACITY = 1 << 12;
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L; // 2^64 / golden ratio

  private long[] lines = new long[FIRST_CAPACITY];
  private long[] marks = new long[FIRST_CAPACITY]; // event + 1; 0 is an empty position
  private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_CAPACITY);
  private int size;

  /** Returns the event noted for a line, or {@link #NEVER}. */
  long get(long line) {
    return marks[find(line)] - 1;
  }

  /** Notes an event for a line, over the one before. */
  void put(long line, long event) {
    int at = find(line);
    if (marks[at] == 0) {
      size++;
    }
    lines[at] = line;
    marks[at] = event + 1;
    if (size > lines.length / 2) {
      grow();
    }
  }

  private int find(long line) {
    int at = (int) ((line * GOLDEN) >>> shift);
    while (marks[at] != 0 && lines[at] != line) {
      at = (at + 1) & (lines.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] oldLines = lines;
    long[] oldMarks = marks;
    lines = new long[oldLines.length * 2];
    marks = new long[oldLines.length * 2];
    shift--;
    for (int i = 0; i < oldLines.length; i++) {
      if (oldMarks[i] != 0) {
        int at = find(oldLines[i]);
        lines[at] = oldLines[i];
        marks[at] = oldMarks[i];
      }
    }
  }
}
