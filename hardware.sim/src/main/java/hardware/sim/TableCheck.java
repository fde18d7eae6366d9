package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

import allocator.api.CorruptionException;

/** Recomputes from RAM what is kept fast about the tables of one address space. */
final class TableCheck {
  private final TableStore store;
  private long entries;
  private int tables;

  private TableCheck(TableStore store) {
    this.store = store;
  }

  /**
   * Checks the tables: each reachable once, none but the root empty, counts right, no reserved
   * bits, none of the kernel's tables open to user mode.
   *
   * @return the number of entries looked at
   */
  static long run(TableStore store) {
    TableCheck check = new TableCheck(store);
    check.table(LEVELS, store.root());
    // Each visited table is owned; were one reachable twice, more would have been visited.
    if (check.tables != store.tables()) {
      throw new CorruptionException(
          "%d tables can be reached from root 0x%x, but %d frames are held"
              .formatted(check.tables, store.root(), store.tables()));
    }
    return check.entries;
  }

  private void table(int level, long table) {
    if (!store.owns(table) || ++tables > store.tables()) {
      throw new CorruptionException(
          "the level %d table at 0x%x is not ours, or reached twice".formatted(level, table));
    }
    int present = 0;
    for (int i = 0; i < X86Entry.ENTRIES; i++) {
      present += entry(level, table + ((long) i << X86Entry.ENTRY_SHIFT), i) ? 1 : 0;
    }
    if (present != store.count(table) || (present == 0 && level < LEVELS)) {
      throw new CorruptionException(
          "the level %d table at 0x%x has %d present entries, counted were %d"
              .formatted(level, table, present, store.count(table)));
    }
  }

  private boolean entry(int level, long slot, int index) {
    long entry = store.entry(slot);
    entries++;
    if (!X86Entry.present(entry)) {
      require(entry == 0, level, slot, entry, "is not present and not zero");
      return false;
    }
    require(X86Entry.reserved(entry, level) == 0, level, slot, entry, "has reserved bits set");
    boolean kernel = level == LEVELS && index >= X86Entry.ENTRIES / 2;
    require(!kernel || (entry & X86Entry.USER) == 0, level, slot, entry, "lets user mode in");
    if (!X86Entry.leaf(entry, level)) {
      table(level - 1, X86Entry.table(entry));
    }
    return true;
  }

  private static void require(boolean good, int level, long slot, long entry, String what) {
    if (!good) {
      throw new CorruptionException(
          "the level %d entry 0x%016x at 0x%x %s".formatted(level, entry, slot, what));
    }
  }
}
