package hardware.sim;

import java.util.Arrays;

/**
 * How many present entries each table has, by the table's physical address: a hash table with
 * linear probing in two primitive arrays. For one thread at a time.
 */
final class TableCounts {
  private static final long NONE = -1; // no table lies at an odd address
  private static final int FIRST_CAPACITY = 16; // a root and one path take 4
  private static final long MIX = 0x9e37_79b9_7f4a_7c15L; // 2^64 / golden ratio: Knuth 6.4

  private long[] tables = new long[FIRST_CAPACITY];
  private int[] counts = new int[FIRST_CAPACITY];
  private int size;

  /** Makes an empty hash table. */
  TableCounts() {
    Arrays.fill(tables, NONE);
  }

  /** {@return the number of tables} */
  int size() {
    return size;
  }

  /** {@return whether a table is known} */
  boolean contains(long table) {
    return tables[find(table)] == table;
  }

  /** {@return the present entries of a known table} */
  int get(long table) {
    return counts[known(table)];
  }

  /** Makes a table known, with the given number of present entries. */
  void put(long table, int count) {
    if (2 * (size + 1) > tables.length) { // at most half full, so that probes stay short
      grow();
    }
    int slot = find(table);
    size += tables[slot] == NONE ? 1 : 0;
    tables[slot] = table;
    counts[slot] = count;
  }

  /** Changes the count of a known table. {@return the new count} */
  int add(long table, int more) {
    return counts[known(table)] += more;
  }

  /** Forgets a known table, and closes the gap in its chain of probes. */
  void remove(long table) {
    int gap = known(table);
    int mask = tables.length - 1;
    size--;
    for (int at = (gap + 1) & mask; tables[at] != NONE; at = (at + 1) & mask) {
      int home = home(tables[at]);
      // May move if its home is not cyclically within (gap, at].
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        tables[gap] = tables[at];
        counts[gap] = counts[at];
        gap = at;
      }
    }
    tables[gap] = NONE;
  }

  private int known(long table) {
    int slot = find(table);
    if (tables[slot] == NONE) {
      throw new AssertionError("no table at 0x" + Long.toHexString(table));
    }
    return slot;
  }

  private int find(long table) {
    int mask = tables.length - 1;
    int slot = home(table);
    while (tables[slot] != table && tables[slot] != NONE) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(long table) {
    return (int) ((table * MIX) >>> (Long.SIZE - Integer.numberOfTrailingZeros(tables.length)));
  }

  private void grow() {
    long[] oldTables = tables;
    int[] oldCounts = counts;
    tables = new long[2 * oldTables.length];
    counts = new int[2 * oldCounts.length];
    Arrays.fill(tables, NONE);
    for (int i = 0; i < oldTables.length; i++) {
      if (oldTables[i] != NONE) {
        int slot = find(oldTables[i]);
        tables[slot] = oldTables[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
