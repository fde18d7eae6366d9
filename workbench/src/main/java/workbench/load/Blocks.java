package workbench.load;

import java.util.Arrays;

/**
 * A table of blocks with address, requested size, and the id that their contents are made from. An
 * entry without a block has address 0. Grows as entries are reserved and never shrinks.
 *
 * <p>Used by one thread at a time.
 */
final class Blocks {
  private static final int COLUMNS = 3; // one array: an entry is one cache line, not three
  private static final int BYTES = 1;
  private static final int ID = 2;
  private static final int INITIAL = 256;

  private long[] entries = new long[INITIAL * COLUMNS];

  /** Makes room for entries below this bound. */
  void reserve(int bound) {
    int needed = Math.multiplyExact(bound, COLUMNS);
    if (needed > entries.length) {
      long grown = Math.max(needed, entries.length + (long) (entries.length / 2));
      entries = Arrays.copyOf(entries, (int) Math.min(grown, Integer.MAX_VALUE - Long.BYTES));
    }
  }

  int capacity() {
    return entries.length / COLUMNS;
  }

  long address(int index) {
    return entries[index * COLUMNS];
  }

  long bytes(int index) {
    return entries[index * COLUMNS + BYTES];
  }

  long id(int index) {
    return entries[index * COLUMNS + ID];
  }

  void put(int index, long address, long bytes, long id) {
    int at = index * COLUMNS;
    entries[at] = address;
    entries[at + BYTES] = bytes;
    entries[at + ID] = id;
  }

  void clear(int index) {
    put(index, 0, 0, 0);
  }

  /** Copies an entry of another table, or of this one, to here. */
  void copy(int index, Blocks from, int source) {
    put(index, from.address(source), from.bytes(source), from.id(source));
  }
}
