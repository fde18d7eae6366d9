package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

import hardware.api.Mmu;
import hardware.api.MmuCounters;
import hardware.api.PageFault;
import hardware.api.TlbEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The MMU of one CPU: its TLB, its page walker and its counters. Safe for use by several threads: a
 * lock stands for what the hardware does in order, so that a translation is never put in after the
 * invalidation that should have dropped it.
 */
final class CpuMmu {
  /*
   * 1. Order of an access. The first-level arrays are asked, one per page size, as in the hardware
   * they are asked at once; then the second level, as 4 KiB and as 2 MiB page. What the second level
   * has is copied to the first. Else the tables are walked, and the translation goes to both levels.
   *
   * 2. What an entry holds: the page, the permissions combined over all levels, the dirty bit. It is
   * used as it is until something drops it, whatever RAM says by then. That is the point: a missing
   * invalidation shows as an access to a frame that has gone home.
   *
   * 3. A write through an entry that is not dirty walks, since the bit in RAM has to be set. A hit
   * that forbids the access faults and drops the entry, as the manual says of page faults.
   *
   * 4. Faults. An entry that is not present or malformed ends the walk at its level. If the walk
   * arrives, the highest level that forbids the access is named: supervisor before write before
   * execute. Accessed bits are set only when the access is allowed.
   *
   * 5. Replacement is of the least recently used way. Real first levels use a tree of bits that
   * approximates it; with four ways the difference is small, and this one can be reasoned about.
   *
   * 6. What was not done. There is no cache of upper levels, so a walk reads four entries for 4 KiB,
   * three for 2 MiB and two for 1 GiB, the most that hardware would. Pages of 1 GiB are in the first
   * level only. Nothing is prefetched, and instructions have no TLB of their own.
   *
   * References: Intel SDM volume 3, "Caching Translation Information"; Intel Optimization Reference
   * Manual, "Skylake Client Microarchitecture", for sizes.
   */

  private static final int KIND = 3; // bits of an access that hold READ, WRITE or FETCH
  private static final long TRANSLATED = X86Entry.PERMISSIONS | X86Entry.DIRTY; // kept in the TLB
  private static final int SECOND_LEVELS = 2; // the second array serves pages of 4 KiB and 2 MiB

  private final SimMemory memory;
  private final TableReader reader;
  private final TlbArray[] first = new TlbArray[X86Entry.LEAF_LEVELS + 1]; // by level of the leaf
  private final TlbArray second;

  // What a look-up or a walk found, for its caller: the level of the leaf.
  private int foundLevel;
  private final long[] slots = new long[LEVELS + 1];
  private final long[] entries = new long[LEVELS + 1];

  private long accesses;
  private long hits;
  private long secondLevelHits;
  private long walks;
  private long walkSteps;
  private long faults;

  /** Makes the MMU of one CPU, its TLB empty. */
  CpuMmu(SimMemory memory, MachineSettings shapes) {
    this.memory = memory;
    this.reader = new TableReader(memory);
    first[1] = new TlbArray(shapes.small());
    first[2] = new TlbArray(shapes.medium());
    first[3] = new TlbArray(shapes.huge());
    second = new TlbArray(shapes.second());
  }

  /** {@return the physical address of one access} */
  synchronized long access(long root, int asid, long address, int access) {
    accesses++;
    if (!X86Entry.canonical(address)) {
      throw fault(address, 0, PageFault.Cause.NOT_CANONICAL);
    }
    long leaf = lookup(asid, address);
    if (leaf != 0) {
      checkHit(leaf, asid, address, access);
    }
    if (leaf == 0 || (writes(access) && (leaf & X86Entry.DIRTY) == 0)) {
      leaf = walkAndFill(root, asid, address, access);
    } else {
      hits++;
    }
    return X86Entry.translated(leaf, foundLevel, address);
  }

  /** {@return the number of translations dropped} */
  synchronized int drop(int asid, long from, long last) {
    int dropped = second.drop(asid, from, last);
    for (int level = 1; level < first.length; level++) {
      dropped += first[level].drop(asid, from, last);
    }
    return dropped;
  }

  /** Drops what belongs to one address space. */
  synchronized void dropSpace(int asid) {
    second.dropSpace(asid);
    for (int level = 1; level < first.length; level++) {
      first[level].dropSpace(asid);
    }
  }

  /** Drops what is not global. */
  synchronized void dropLocal() {
    second.dropLocal();
    for (int level = 1; level < first.length; level++) {
      first[level].dropLocal();
    }
  }

  /** {@return the valid entries: first level by page size, then second level} */
  synchronized List<TlbEntry> entries() {
    List<TlbEntry> found = new ArrayList<>();
    for (int level = 1; level < first.length; level++) {
      first[level].collect(1, found);
    }
    second.collect(2, found);
    return found;
  }

  /** {@return these counters and the given ones added} */
  synchronized MmuCounters addTo(MmuCounters sum) {
    return new MmuCounters(
        sum.accesses() + accesses,
        sum.hits() + hits,
        sum.secondLevelHits() + secondLevelHits,
        sum.walks() + walks,
        sum.walkSteps() + walkSteps,
        sum.faults() + faults,
        sum.flushes(),
        sum.flushedPages(),
        sum.shootdowns());
  }

  /** Sets the counters to zero. */
  synchronized void resetCounters() {
    accesses = 0;
    hits = 0;
    secondLevelHits = 0;
    walks = 0;
    walkSteps = 0;
    faults = 0;
  }

  /** {@return the leaf in the TLB, its level in {@code foundLevel}; 0 if there is none} */
  private long lookup(int asid, long address) {
    for (int level = 1; level < first.length; level++) {
      int slot = first[level].find(asid, address, level);
      if (slot != TlbArray.MISS) {
        foundLevel = level;
        return first[level].leaf(slot);
      }
    }
    for (int level = 1; level <= SECOND_LEVELS; level++) {
      int slot = second.find(asid, address, level);
      if (slot != TlbArray.MISS) {
        foundLevel = level;
        secondLevelHits++;
        first[level].insert(asid, address, level, second.leaf(slot));
        return second.leaf(slot);
      }
    }
    return 0;
  }

  /*
   * A translation in the TLB counts, whatever the tables say by now. One that forbids the access
   * faults, and goes, as x86-64 has it: the next try walks.
   */
  private void checkHit(long leaf, int asid, long address, int access) {
    PageFault.Cause denied = denial(leaf, access);
    if (denied != null) {
      drop(asid, address, address);
      throw fault(address, foundLevel, denied);
    }
  }

  private long walkAndFill(long root, int asid, long address, int access) {
    walks++;
    long leaf = walk(root, address, access);
    drop(asid, address, address); // a clean translation that a write has made dirty
    first[foundLevel].insert(asid, address, foundLevel, leaf);
    if (foundLevel <= SECOND_LEVELS) {
      second.insert(asid, address, foundLevel, leaf);
    }
    return leaf;
  }

  /** {@return page, permissions over all levels, and dirty bit; level in {@code foundLevel}} */
  private long walk(long root, long address, int access) {
    while (true) {
      descend(root, address);
      checkPath(address, access);
      if (mark(writes(access))) {
        return combined();
      }
      // An entry changed between reading and marking: walk again, as the hardware does.
    }
  }

  /** Reads the entries from the root to the leaf. */
  private void descend(long root, long address) {
    long table = root;
    for (int level = LEVELS; ; level--) {
      slots[level] = X86Entry.slot(table, address, level);
      long entry = reader.read(slots[level]);
      entries[level] = entry;
      walkSteps++;
      if (!X86Entry.present(entry)) {
        throw fault(address, level, PageFault.Cause.NOT_PRESENT);
      }
      if (reader.malformed(entry, level)) {
        throw fault(address, level, PageFault.Cause.MALFORMED);
      }
      if (X86Entry.leaf(entry, level)) {
        foundLevel = level;
        return;
      }
      table = X86Entry.table(entry);
    }
  }

  private void checkPath(long address, int access) {
    for (int level = LEVELS; level >= foundLevel; level--) {
      PageFault.Cause denied = denial(entries[level], access);
      if (denied != null) {
        throw fault(address, level, denied);
      }
    }
  }

  /** Sets accessed bits on the way and the leaf's dirty bit. {@return false if an entry changed} */
  private boolean mark(boolean write) {
    for (int level = LEVELS; level >= foundLevel; level--) {
      boolean dirty = write && level == foundLevel;
      long wanted = entries[level] | X86Entry.ACCESSED | (dirty ? X86Entry.DIRTY : 0);
      if (wanted != entries[level] && !memory.replaceEntry(slots[level], entries[level], wanted)) {
        return false;
      }
      entries[level] = wanted;
    }
    return true;
  }

  private long combined() {
    long leaf = entries[foundLevel];
    long allowed = leaf;
    long forbidden = leaf;
    for (int level = foundLevel + 1; level <= LEVELS; level++) {
      allowed &= entries[level];
      forbidden |= entries[level];
    }
    long rights = X86Entry.WRITABLE | X86Entry.USER;
    return X86Entry.PRESENT
        | X86Entry.page(leaf, foundLevel)
        | (leaf & TRANSLATED & ~rights & ~X86Entry.NO_EXECUTE)
        | (allowed & rights)
        | (forbidden & X86Entry.NO_EXECUTE);
  }

  /*
   * Supervisor accesses obey read-only pages too (CR0.WP set); they may read and execute user pages
   * (SMAP and SMEP clear).
   */
  private static PageFault.@Nullable Cause denial(long entry, int access) {
    if ((access & Mmu.AS_USER) != 0 && (entry & X86Entry.USER) == 0) {
      return PageFault.Cause.SUPERVISOR_ONLY;
    }
    if (writes(access) && (entry & X86Entry.WRITABLE) == 0) {
      return PageFault.Cause.READ_ONLY;
    }
    boolean fetches = (access & KIND) == Mmu.FETCH;
    return fetches && (entry & X86Entry.NO_EXECUTE) != 0 ? PageFault.Cause.NO_EXECUTE : null;
  }

  private static boolean writes(int access) {
    return (access & KIND) == Mmu.WRITE;
  }

  private PageFault fault(long address, int level, PageFault.Cause cause) {
    faults++;
    return new PageFault(address, level, cause);
  }
}
