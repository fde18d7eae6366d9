package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

import allocator.api.AllocatorException;

/**
 * Splits large leaves at the edges of a range, so that no leaf lies across an edge: each large leaf
 * that does becomes a table of 512 leaves of the next size with the same translation. For one
 * thread at a time.
 */
final class LeafSplitter {
  private final TableStore store;

  /** Makes the splitter for the tables of one address space. */
  LeafSplitter(TableStore store) {
    this.store = store;
  }

  /**
   * Splits at both edges, all or nothing.
   *
   * @param from first address of the range
   * @param last last address of the range, in the same half
   * @throws AllocatorException if there is no frame for a table; nothing has changed then
   */
  void split(long from, long last) {
    int needed = splits(from, from, last, false) + splits(last, from, last, true);
    if (needed == 0) {
      return;
    }
    if (!store.reserve(needed)) {
      throw new AllocatorException(
          "no frame is left for the %d tables that a part, 0x%016x to 0x%016x, of a large page takes"
              .formatted(needed, from, last));
    }
    splitAt(from, from, last);
    splitAt(last, from, last);
  }

  /**
   * How many levels the leaf that holds an edge must go down until it lies within the range,
   * leaving out those where it holds the other edge too if that one has counted them.
   */
  private int splits(long edge, long from, long last, boolean second) {
    int splits = 0;
    for (int level = leafLevel(edge); level > 1 && !within(edge, level, from, last); level--) {
      boolean shared = X86Entry.lastOf(from, level) == X86Entry.lastOf(last, level);
      splits += second && shared ? 0 : 1;
    }
    return splits;
  }

  private void splitAt(long edge, long from, long last) {
    long table = store.root();
    for (int level = LEVELS; level > 1; level--) {
      long slot = X86Entry.slot(table, edge, level);
      long entry = store.entry(slot);
      if (!X86Entry.present(entry)) {
        return;
      }
      if (X86Entry.leaf(entry, level)) {
        if (within(edge, level, from, last)) {
          return;
        }
        entry = splitLeaf(slot, level, edge);
      }
      table = X86Entry.table(entry);
    }
  }

  /** {@return the level of the leaf that holds an address; 0 if none does} */
  private int leafLevel(long address) {
    long table = store.root();
    for (int level = LEVELS; level >= 1; level--) {
      long entry = store.entry(X86Entry.slot(table, address, level));
      if (!X86Entry.present(entry)) {
        return 0;
      }
      if (X86Entry.leaf(entry, level)) {
        return level;
      }
      table = X86Entry.table(entry);
    }
    throw new AssertionError("level 1 has no tables beneath");
  }

  private static boolean within(long edge, int level, long from, long last) {
    long start = edge & -X86Entry.span(level);
    return start >= from && X86Entry.lastOf(edge, level) <= last;
  }

  /** {@return the new entry} */
  private long splitLeaf(long slot, int level, long address) {
    long table = store.take();
    store.count(table, X86Entry.ENTRIES);
    long entry = X86Entry.tableEntry(table, address);
    long old;
    do { // again if the MMU has set an accessed or dirty bit meanwhile
      old = store.entry(slot);
      fill(table, level - 1, old);
    } while (!store.memory().replaceEntry(slot, old, entry));
    return entry;
  }

  private void fill(long table, int level, long old) {
    long leaf = level == 1 ? old & ~X86Entry.LARGE : old;
    for (int i = 0; i < X86Entry.ENTRIES; i++) {
      store.set(table + ((long) i << X86Entry.ENTRY_SHIFT), leaf + i * X86Entry.span(level));
    }
  }
}
