package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

/** Changes the permissions of the leaves of a range. For one thread at a time. */
final class ProtectOperation {
  private final TableStore store;

  /** Makes the operation for the tables of one address space. */
  ProtectOperation(TableStore store) {
    this.store = store;
  }

  /**
   * Changes the leaves beneath the root.
   *
   * @param from first address
   * @param last last address, in the same half; no leaf lies across an edge
   * @param bits the new permission bits
   * @return the number of pages changed
   */
  long run(long from, long last, long bits) {
    return change(LEVELS, store.root(), from, last, bits);
  }

  private long change(int level, long table, long from, long last, long bits) {
    long pages = 0;
    for (long at = from; ; ) {
      long stop = Math.min(X86Entry.lastOf(at, level), last);
      pages += changeEntry(level, X86Entry.slot(table, at, level), at, stop, bits);
      if (stop == last) {
        return pages;
      }
      at = stop + 1;
    }
  }

  private long changeEntry(int level, long slot, long from, long last, long bits) {
    long entry = store.entry(slot);
    if (!X86Entry.present(entry)) {
      return 0;
    }
    if (!X86Entry.leaf(entry, level)) {
      return change(level - 1, X86Entry.table(entry), from, last, bits);
    }
    while (!store.memory().replaceEntry(slot, entry, (entry & ~X86Entry.PERMISSIONS) | bits)) {
      entry = store.entry(slot); // the MMU has set an accessed or dirty bit meanwhile
    }
    return X86Entry.span(level) >>> SimMemory.PAGE_SHIFT;
  }
}
