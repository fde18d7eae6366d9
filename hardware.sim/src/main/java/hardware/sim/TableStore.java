package hardware.sim;

import allocator.api.AllocatorException;
import hardware.api.FrameSource;

/**
 * The tables of one address space: the frames they lie in and how many present entries each has.
 * For one thread at a time, except for reading entries.
 */
final class TableStore {
  private final SimMemory memory;
  private final FrameSource source;
  private final TableCounts counts = new TableCounts();
  private final long root;
  private long[] reserve = new long[8]; // a mapping of one run takes at most 3 on each edge
  private int reserved;

  /**
   * Makes an empty root table.
   *
   * @param memory where tables lie
   * @param source where their frames come from
   * @throws AllocatorException if there is no frame for the root
   */
  TableStore(SimMemory memory, FrameSource source) {
    this.memory = memory;
    this.source = source;
    if (!reserve(1)) {
      throw new AllocatorException("no frame is left for the root table of an address space");
    }
    this.root = take();
  }

  /** {@return the physical address of the root table} */
  long root() {
    return root;
  }

  /** {@return the number of tables} */
  int tables() {
    return counts.size();
  }

  /** {@return the RAM that the tables lie in} */
  SimMemory memory() {
    return memory;
  }

  /**
   * Gets frames for tables from the source, all or none.
   *
   * @param count how many
   * @return whether there were enough
   */
  boolean reserve(long count) {
    if (count > reserve.length) {
      reserve = java.util.Arrays.copyOf(reserve, Math.toIntExact(2 * count));
    }
    try {
      while (reserved < count) {
        long frame = source.take();
        if (frame == FrameSource.NONE) {
          giveReserve();
          return false;
        }
        reserve[reserved++] = frame;
        memory.supply(frame, 1);
      }
      return true;
    } catch (RuntimeException e) {
      giveReserve();
      throw e;
    }
  }

  /** {@return the physical address of a new table of zeros, in a reserved frame} */
  long take() {
    long table = reserve[--reserved] << SimMemory.PAGE_SHIFT;
    memory.window().fill(table, SimMemory.PAGE_BYTES, (byte) 0);
    counts.put(table, 0);
    return table;
  }

  /** Gives an empty table's frame back. */
  void give(long table) {
    counts.remove(table);
    source.give(table >>> SimMemory.PAGE_SHIFT);
  }

  /** Gives back what was reserved and not used. */
  void giveReserve() {
    while (reserved > 0) {
      source.give(reserve[--reserved]);
    }
  }

  /** Changes the number of present entries of a table. {@return the new number} */
  int count(long table, int more) {
    return counts.add(table, more);
  }

  /** {@return the number of present entries of a table} */
  int count(long table) {
    return counts.get(table);
  }

  /** {@return whether a table belongs to this address space} */
  boolean owns(long table) {
    return counts.contains(table);
  }

  /** {@return the entry at a physical address} */
  long entry(long slot) {
    return memory.entry(slot);
  }

  /** Writes the entry at a physical address. */
  void set(long slot, long entry) {
    memory.setEntry(slot, entry);
  }
}
