package hardware.sim;

import static hardware.sim.X86Entry.LEAF_LEVELS;
import static hardware.sim.X86Entry.LEVELS;

import allocator.api.AllocatorException;

/**
 * Maps a run of frames at a run of pages, all or nothing: one pass finds conflicts and counts the
 * tables that are missing, then their frames are taken, then a second pass, which cannot fail,
 * writes. For one thread at a time.
 */
final class MapOperation {
  private final TableStore store;

  // The operation at hand: physical minus virtual address, bits of a leaf, whether large ones may
  // be.
  private long distance;
  private long bits;
  private boolean large;

  /** Makes the operation for the tables of one address space. */
  MapOperation(TableStore store) {
    this.store = store;
  }

  /**
   * Maps.
   *
   * @param from first virtual address
   * @param last last virtual address, in the same half
   * @param physical first physical address
   * @param leafBits bits of each leaf
   * @param allowLarge whether larger leaves are used where they fit
   * @return false if there were not enough frames for tables; nothing has changed then
   * @throws AllocatorException if a page is mapped already; nothing has changed then
   */
  boolean run(long from, long last, long physical, long leafBits, boolean allowLarge) {
    distance = physical - from;
    bits = leafBits;
    large = allowLarge;
    if (!store.reserve(missing(LEVELS, store.root(), from, last))) {
      return false;
    }
    fill(LEVELS, store.root(), from, last);
    return true;
  }

  /** Counts the tables that a range still needs beneath a table, and refuses what is mapped. */
  private long missing(int level, long table, long from, long last) {
    if (level == 1) {
      refuseMapped(table, from, last);
      return 0;
    }
    long needed = 0;
    for (long at = from; ; ) {
      long stop = Math.min(X86Entry.lastOf(at, level), last);
      needed += missingInEntry(level, store.entry(X86Entry.slot(table, at, level)), at, stop);
      if (stop == last) {
        return needed;
      }
      at = stop + 1;
    }
  }

  private long missingInEntry(int level, long entry, long from, long last) {
    if (!X86Entry.present(entry)) {
      return whole(level, from, last) ? 0 : 1 + missingInAbsent(level - 1, from, last);
    }
    if (X86Entry.leaf(entry, level)) {
      throw mapped(from, entry);
    }
    return missing(level - 1, X86Entry.table(entry), from, last);
  }

  private long missingInAbsent(int level, long from, long last) {
    if (level == 1) {
      return 0;
    }
    long needed = 0;
    for (long at = from; ; ) {
      long stop = Math.min(X86Entry.lastOf(at, level), last);
      needed += whole(level, at, stop) ? 0 : 1 + missingInAbsent(level - 1, at, stop);
      if (stop == last) {
        return needed;
      }
      at = stop + 1;
    }
  }

  private void refuseMapped(long table, long from, long last) {
    long end = X86Entry.slot(table, last, 1);
    for (long slot = X86Entry.slot(table, from, 1); slot <= end; slot += Long.BYTES) {
      long entry = store.entry(slot);
      if (X86Entry.present(entry)) {
        long page = (slot - X86Entry.slot(table, from, 1)) / Long.BYTES;
        throw mapped(from + (page << SimMemory.PAGE_SHIFT), entry);
      }
    }
  }

  /** Whether one leaf of a level may stand for a range that lies within one entry of that level. */
  private boolean whole(int level, long from, long last) {
    long inside = X86Entry.span(level) - 1;
    return large && level <= LEAF_LEVELS && last - from == inside && (distance & inside) == 0;
  }

  private void fill(int level, long table, long from, long last) {
    if (level == 1) {
      fillPages(table, from, last);
      return;
    }
    int added = 0;
    for (long at = from; ; ) {
      long stop = Math.min(X86Entry.lastOf(at, level), last);
      added += fillEntry(level, X86Entry.slot(table, at, level), at, stop);
      if (stop == last) {
        break;
      }
      at = stop + 1;
    }
    store.count(table, added);
  }

  /** {@return the number of entries that became present in this table: 1 or 0} */
  private int fillEntry(int level, long slot, long from, long last) {
    long entry = store.entry(slot);
    if (X86Entry.present(entry)) {
      fill(level - 1, X86Entry.table(entry), from, last);
      return 0;
    }
    if (whole(level, from, last)) {
      store.set(slot, (from + distance) | bits | X86Entry.LARGE);
      return 1;
    }
    long table = store.take();
    fill(level - 1, table, from, last);
    store.set(slot, X86Entry.tableEntry(table, from));
    return 1;
  }

  private void fillPages(long table, long from, long last) {
    long first = X86Entry.slot(table, from, 1);
    long end = X86Entry.slot(table, last, 1);
    long entry = (from + distance) | bits;
    for (long slot = first; slot <= end; slot += Long.BYTES) {
      store.set(slot, entry);
      entry += SimMemory.PAGE_BYTES;
    }
    store.count(table, (int) ((end - first) / Long.BYTES) + 1);
  }

  private static AllocatorException mapped(long address, long entry) {
    return new AllocatorException(
        "0x%016x is mapped already, by entry 0x%016x".formatted(address, entry));
  }
}
