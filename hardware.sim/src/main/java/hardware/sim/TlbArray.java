package hardware.sim;

import hardware.api.TlbEntry;
import java.util.List;

/**
 * One set-associative array of a TLB with replacement of the least recently used way of a set. For
 * one thread at a time.
 */
final class TlbArray {
  /** The answer of {@link #find} when there is no entry. */
  static final int MISS = -1;

  private final int sets;
  private final int ways;
  private final int[] levels; // 0: the entry is not valid; else 1, 2, 3 for 4 KiB, 2 MiB, 1 GiB
  private final int[] asids;
  private final long[] pages; // virtual address of the page
  private final long[] leaves; // page address and permissions as of the walk
  private final long[] used; // time of the last use
  private long clock;
  private int valid;

  /** Makes an array without entries. */
  TlbArray(TlbShape shape) {
    this.sets = shape.sets();
    this.ways = shape.ways();
    int slots = sets * ways;
    this.levels = new int[slots];
    this.asids = new int[slots];
    this.pages = new long[slots];
    this.leaves = new long[slots];
    this.used = new long[slots];
  }

  /** {@return the number of valid entries} */
  int valid() {
    return valid;
  }

  /** {@return the slot that translates an address with a page of the given level, or MISS} */
  int find(int asid, long address, int level) {
    if (valid == 0) {
      return MISS;
    }
    long page = address & -X86Entry.span(level);
    int first = firstSlot(page, level);
    for (int slot = first; slot < first + ways; slot++) {
      if (levels[slot] == level && pages[slot] == page && serves(slot, asid)) {
        used[slot] = ++clock;
        return slot;
      }
    }
    return MISS;
  }

  /** Puts a translation in, over an invalid or the least recently used way of its set. */
  void insert(int asid, long address, int level, long leaf) {
    if (sets == 0) {
      return;
    }
    long page = address & -X86Entry.span(level);
    int victim = firstSlot(page, level);
    for (int slot = victim; slot < firstSlot(page, level) + ways; slot++) {
      victim = older(slot, victim);
    }
    valid += levels[victim] == 0 ? 1 : 0;
    levels[victim] = level;
    asids[victim] = asid;
    pages[victim] = page;
    leaves[victim] = leaf;
    used[victim] = ++clock;
  }

  /** {@return the leaf, page address and permissions, in a slot} */
  long leaf(int slot) {
    return leaves[slot];
  }

  /** Notes that a write went through the page of a slot. */
  void setDirty(int slot) {
    leaves[slot] |= X86Entry.DIRTY;
  }

  /**
   * Drops the translations of one address space, and global ones, of pages that have an address in
   * common with a range.
   *
   * @return the number dropped
   */
  int drop(int asid, long from, long last) {
    int dropped = 0;
    for (int slot = 0; valid > 0 && slot < levels.length; slot++) {
      boolean there = levels[slot] != 0 && serves(slot, asid);
      if (there && pages[slot] <= last && X86Entry.lastOf(pages[slot], levels[slot]) >= from) {
        dropped += clear(slot);
      }
    }
    return dropped;
  }

  /** Drops every translation of one address space that is not global. */
  void dropSpace(int asid) {
    for (int slot = 0; valid > 0 && slot < levels.length; slot++) {
      if (levels[slot] != 0 && asids[slot] == asid) {
        clear(slot);
      }
    }
  }

  /** Drops every translation that is not global. */
  void dropLocal() {
    for (int slot = 0; valid > 0 && slot < levels.length; slot++) {
      if (levels[slot] != 0 && !global(slot)) {
        clear(slot);
      }
    }
  }

  /** Adds the valid entries to a list. */
  void collect(int tlbLevel, List<TlbEntry> entries) {
    for (int slot = 0; slot < levels.length; slot++) {
      if (levels[slot] != 0) {
        entries.add(entry(tlbLevel, slot));
      }
    }
  }

  private TlbEntry entry(int tlbLevel, int slot) {
    return new TlbEntry(
        tlbLevel,
        slot / ways,
        slot % ways,
        asids[slot],
        pages[slot],
        X86Entry.page(leaves[slot], levels[slot]),
        X86Entry.span(levels[slot]),
        global(slot),
        (leaves[slot] & X86Entry.DIRTY) != 0);
  }

  private int clear(int slot) {
    levels[slot] = 0;
    valid--;
    return 1;
  }

  private int older(int slot, int other) {
    long age = levels[slot] == 0 ? 0 : used[slot];
    long otherAge = levels[other] == 0 ? 0 : used[other];
    return age < otherAge ? slot : other;
  }

  private boolean serves(int slot, int asid) {
    return asids[slot] == asid || global(slot);
  }

  private boolean global(int slot) {
    return (leaves[slot] & X86Entry.GLOBAL) != 0;
  }

  private int firstSlot(long page, int level) {
    return ((int) (page >>> X86Entry.shift(level)) & (sets - 1)) * ways;
  }
}
