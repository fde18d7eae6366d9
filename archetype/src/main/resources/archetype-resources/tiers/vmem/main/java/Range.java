package ${package};

import vmem.api.AddressArena;
import vmem.api.AddressConstraints;

/** Arithmetic of unsigned addresses; all of it wraps, so that 2^64 is 0. */
final class Range {
  private Range() {}

  static boolean below(long value, long other) {
    return Long.compareUnsigned(value, other) < 0;
  }

  static long max(long value, long other) {
    return below(value, other) ? other : value;
  }

  static long min(long value, long other) {
    return below(value, other) ? value : other;
  }

  /** {@return a value rounded up to a multiple of a power of two; 0 if that is 2^64} */
  static long roundUp(long value, long unit) {
    return value + unit - 1 & -unit;
  }

  /** {@return whether a range that begins at or above another's base lies within it} */
  static boolean contains(long base, long size, long innerBase, long innerSize) {
    long offset = innerBase - base;
    return below(offset, size) && !below(size - offset, innerSize);
  }

  /**
   * Refuses constraints that contradict each other.
   *
   * @throws IllegalArgumentException naming the values
   */
  static void check(AddressConstraints where, long size, long quantum) {
    long align = align(where, quantum);
    long nocross = where.nocross();
    String why = "";
    if (((align | where.phase() | nocross) & quantum - 1) != 0) {
      why = "align, phase and nocross must be multiples of the quantum";
    } else if (Long.bitCount(align) != 1 || Long.bitCount(nocross) > 1) {
      why = "align and nocross must be powers of two";
    } else if (!below(where.phase(), align)) {
      why = "phase must be below align";
    } else if (nocross != 0 && !fitsBetween(where, align, size)) {
      why = "no such range lies between two multiples of nocross";
    }
    if (!why.isEmpty()) {
      throw new IllegalArgumentException(
          "0x%x bytes, %s, quantum 0x%x: %s".formatted(size, where, quantum, why));
    }
  }

  private static boolean fitsBetween(AddressConstraints where, long align, long size) {
    long nocross = where.nocross();
    long needed = where.phase() + size;
    return !below(nocross, align) && !below(needed, size) && !below(nocross, needed);
  }

  private static long align(AddressConstraints where, long quantum) {
    return where.align() == 0 ? quantum : where.align();
  }

  /** {@return the same constraints with a lowest base that is no lower than an address} */
  static AddressConstraints from(AddressConstraints where, long address) {
    return new AddressConstraints(
        where.align(), where.phase(), where.nocross(), max(where.min(), address), where.max());
  }

  /** {@return the lowest base for a range in a free segment, or {@link AddressArena#NONE}} */
  static long place(long gap, long gapSize, long size, AddressConstraints where, long quantum) {
    long align = align(where, quantum);
    long low = max(gap, where.min());
    long last = min(gap + gapSize - 1, where.max() - 1);
    long base = roundUp(low - where.phase(), align) + where.phase();
    if (((base ^ base + size - 1) & -where.nocross()) != 0) { // -0 is no boundary
      base += roundUp(-base & where.nocross() - 1, align); // behind the boundary
    }
    boolean outside = below(base, low) || below(last, base) || below(last - base, size - 1);
    return outside ? AddressArena.NONE : base;
  }

  /** {@return whether nothing ties a range to certain addresses} */
  static boolean allowsImport(AddressConstraints where) {
    return (where.nocross() | where.min() | where.max()) == 0;
  }

  /** {@return the bytes to import so that a range fits wherever the span begins; 0 if too many} */
  static long importSize(long size, AddressConstraints where, long quantum, long sourceQuantum) {
    long unit = max(quantum, sourceQuantum);
    long align = align(where, quantum);
    long slack = below(unit, align) ? align - unit + (where.phase() & unit - 1) : where.phase();
    return size == 0 || below(size + slack, size) ? 0 : roundUp(size + slack, unit);
  }
}
