package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

import hardware.api.MappingVisitor;

/**
 * Unmaps a range and gives tables that become empty back. Entries are cleared before the visitor
 * hears of them, and tables go even if the visitor throws. For one thread at a time.
 */
final class UnmapOperation {
  private final TableStore store;

  /** Makes the operation for the tables of one address space. */
  UnmapOperation(TableStore store) {
    this.store = store;
  }

  /**
   * Unmaps beneath the root.
   *
   * @param from first address
   * @param last last address, in the same half; no leaf lies across an edge
   * @param visitor receives stretches of leaves of one size with frames in order and equal flags
   * @return the number of pages that were mapped
   */
  long run(long from, long last, MappingVisitor visitor) {
    return clear(LEVELS, store.root(), from, last, visitor);
  }

  private long clear(int level, long table, long from, long last, MappingVisitor visitor) {
    if (level == 1) {
      return clearPages(table, from, last, visitor);
    }
    long pages = 0;
    for (long at = from; ; ) {
      long stop = Math.min(X86Entry.lastOf(at, level), last);
      long slot = X86Entry.slot(table, at, level);
      long entry = store.entry(slot);
      if (X86Entry.present(entry)) {
        pages +=
            X86Entry.leaf(entry, level)
                ? clearLarge(level, table, slot, at, visitor)
                : clearBeneath(level, table, slot, at, stop, visitor);
      }
      if (stop == last) {
        return pages;
      }
      at = stop + 1;
    }
  }

  private long clearLarge(int level, long table, long slot, long at, MappingVisitor visitor) {
    long leaf = store.memory().exchangeEntry(slot, 0);
    long pages = X86Entry.span(level) >>> SimMemory.PAGE_SHIFT;
    store.count(table, -1);
    visitor.visit(at, X86Entry.page(leaf, level) >>> SimMemory.PAGE_SHIFT, pages, leaf);
    return pages;
  }

  private long clearBeneath(
      int level, long table, long slot, long at, long stop, MappingVisitor visitor) {
    long child = X86Entry.table(store.entry(slot));
    try {
      return clear(level - 1, child, at, stop, visitor);
    } finally {
      if (store.count(child) == 0) {
        store.set(slot, 0);
        store.count(table, -1);
        store.give(child);
      }
    }
  }

  private long clearPages(long table, long from, long last, MappingVisitor visitor) {
    long first = X86Entry.slot(table, from, 1);
    long end = X86Entry.slot(table, last, 1);
    long pages = 0;
    for (long slot = first; slot <= end; ) {
      if (!X86Entry.present(store.entry(slot))) {
        slot += Long.BYTES;
        continue;
      }
      long leaf = store.memory().exchangeEntry(slot, 0);
      long stop = clearRun(slot + Long.BYTES, end, leaf);
      long run = (stop - slot) / Long.BYTES;
      long address = from + ((slot - first) / Long.BYTES) * SimMemory.PAGE_BYTES;
      store.count(table, (int) -run);
      visitor.visit(address, X86Entry.page(leaf, 1) >>> SimMemory.PAGE_SHIFT, run, leaf);
      pages += run;
      slot = stop;
    }
    return pages;
  }

  /** Clears the entries that continue a leaf. {@return the slot after the last of them} */
  private long clearRun(long from, long end, long leaf) {
    long slot = from;
    for (long next = leaf + SimMemory.PAGE_BYTES; slot <= end; next += SimMemory.PAGE_BYTES) {
      if (!store.memory().replaceEntry(slot, next, 0)) {
        break;
      }
      slot += Long.BYTES;
    }
    return slot;
  }
}
