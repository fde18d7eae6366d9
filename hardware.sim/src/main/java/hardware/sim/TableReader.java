package hardware.sim;

import static hardware.sim.X86Entry.LEVELS;

import hardware.api.AddressSpace;
import hardware.api.MappingVisitor;
import hardware.api.WalkStep;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads page tables in RAM as the hardware would, trusting nothing: a table that lies where no RAM
 * is, or where the host has supplied none, is not read. Safe beside changes.
 */
final class TableReader {
  /** The answer of {@link #read} for an entry that cannot be read because its table is no RAM. */
  static final long NOT_RAM = 0;

  private final SimMemory memory;

  /** Makes a reader of tables in the given RAM. */
  TableReader(SimMemory memory) {
    this.memory = memory;
  }

  /**
   * {@return the entry at a physical address; 0 where nothing was ever written}
   *
   * @param slot a multiple of 8, in any frame
   */
  long read(long slot) {
    return memory.supplied(slot >>> SimMemory.PAGE_SHIFT) ? memory.entry(slot) : NOT_RAM;
  }

  /** {@return whether a present entry is one that the hardware refuses: reserved bits, no RAM} */
  boolean malformed(long entry, int level) {
    return X86Entry.reserved(entry, level) != 0
        || (!X86Entry.leaf(entry, level)
            && !memory.spans().contains(X86Entry.table(entry) >>> SimMemory.PAGE_SHIFT));
  }

  /** {@return the physical address that an address translates to, or {@code UNMAPPED}} */
  long translate(long root, long address) {
    if (!X86Entry.canonical(address)) {
      return AddressSpace.UNMAPPED;
    }
    long table = root;
    for (int level = LEVELS; level >= 1; level--) {
      long entry = read(X86Entry.slot(table, address, level));
      if (!X86Entry.present(entry) || malformed(entry, level)) {
        return AddressSpace.UNMAPPED;
      }
      if (X86Entry.leaf(entry, level)) {
        return X86Entry.translated(entry, level, address);
      }
      table = X86Entry.table(entry);
    }
    throw new AssertionError("level 1 has only leaves");
  }

  /** {@return the steps of a walk} */
  List<WalkStep> walk(long root, long address) {
    List<WalkStep> steps = new ArrayList<>(LEVELS);
    long table = root;
    for (int level = LEVELS; level >= 1 && X86Entry.canonical(address); level--) {
      long slot = X86Entry.slot(table, address, level);
      WalkStep step = step(slot, level, address);
      steps.add(step);
      if (step.leaf() || !X86Entry.present(step.entry()) || malformed(step.entry(), level)) {
        break;
      }
      table = step.target();
    }
    return List.copyOf(steps);
  }

  private WalkStep step(long slot, int level, long address) {
    long entry = read(slot);
    boolean good = X86Entry.present(entry) && !malformed(entry, level);
    boolean leaf = good && X86Entry.leaf(entry, level);
    return new WalkStep(
        level,
        X86Entry.levelName(level),
        X86Entry.index(address, level),
        slot,
        entry,
        X86Entry.names(entry, level),
        leaf ? X86Entry.page(entry, level) : X86Entry.table(entry),
        leaf);
  }

  /** Shows every leaf in rising order of address. */
  void leaves(long root, MappingVisitor visitor) {
    leaves(LEVELS, root, 0, visitor);
  }

  private void leaves(int level, long table, long base, MappingVisitor visitor) {
    for (int i = 0; i < X86Entry.ENTRIES; i++) {
      long entry = read(table + ((long) i << X86Entry.ENTRY_SHIFT));
      if (!X86Entry.present(entry) || malformed(entry, level)) {
        continue;
      }
      long address = base | i * X86Entry.span(level);
      if (level == LEVELS && i >= X86Entry.ENTRIES / 2) {
        address |= X86Entry.KERNEL_BASE;
      }
      if (X86Entry.leaf(entry, level)) {
        visitor.visit(
            address,
            X86Entry.page(entry, level) >>> SimMemory.PAGE_SHIFT,
            X86Entry.span(level) >>> SimMemory.PAGE_SHIFT,
            entry);
      } else {
        leaves(level - 1, X86Entry.table(entry), address, visitor);
      }
    }
  }
}
