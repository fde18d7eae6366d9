package vmem.tree;

import vmem.api.AddressArena;
import vmem.api.AddressConstraints;

/** Where in a free area a range may begin, and how much to import for one. */
final class Placement {
  /** No constraint but the quantum. */
  static final AddressConstraints ANYWHERE = new AddressConstraints(0, 0, 0, 0, 0);

  private static final long NONE = AddressArena.NONE;

  private Placement() {}

  /**
   * Refuses constraints that no range could meet.
   *
   * @throws IllegalArgumentException naming the values
   */
  static void check(AddressConstraints where, long size, long quantum) {
    long align = align(where, quantum);
    if (Unsigned.isOff(align | where.phase() | where.nocross(), quantum)) {
      throw bad(where, size, "align, phase and nocross must be multiples of the quantum");
    }
    if (Long.bitCount(align) != 1 || Long.bitCount(where.nocross()) > 1) {
      throw bad(where, size, "align and nocross must be powers of two");
    }
    if (!Unsigned.below(where.phase(), align)) {
      throw bad(where, size, "phase must be below align");
    }
    if (where.nocross() != 0 && isTooWide(where, align, size)) {
      throw bad(where, size, "the range cannot lie between two multiples of nocross");
    }
  }

  private static boolean isTooWide(AddressConstraints where, long align, long size) {
    long nocross = where.nocross();
    if (Unsigned.below(nocross, align) || Unsigned.below(nocross, size)) {
      return true;
    }
    long needed = Unsigned.roundUp(where.phase() + size, align);
    return needed == 0 || Unsigned.below(nocross, needed); // 0: 2^64, beyond any boundary
  }

  private static IllegalArgumentException bad(AddressConstraints where, long size, String why) {
    return new IllegalArgumentException(
        "size 0x%x, align 0x%x, phase 0x%x, nocross 0x%x: %s"
            .formatted(size, where.align(), where.phase(), where.nocross(), why));
  }

  /** {@return the alignment asked for, the quantum if none is} */
  static long align(AddressConstraints where, long quantum) {
    return where.align() == 0 ? quantum : where.align();
  }

  /**
   * {@return the lowest base within bounds, or {@link AddressArena#NONE}}
   *
   * @param first the first address that the range may have
   * @param last the last address that it may have
   * @param size its exact size: limits and boundaries do not know of quanta
   */
  static long lowest(long first, long last, long size, AddressConstraints where, long quantum) {
    long low = Unsigned.max(first, where.min());
    long high = Unsigned.min(last, where.max() - 1);
    long align = align(where, quantum);
    long base = Unsigned.roundUp(low - where.phase(), align) + where.phase();
    if (crosses(base, size, where.nocross())) {
      base += Unsigned.roundUp(-base & (where.nocross() - 1), align);
    }
    return isInside(base, size, low, high) ? base : NONE;
  }

  /** Does as {@link #lowest}, but finds the highest base. */
  static long highest(long first, long last, long size, AddressConstraints where, long quantum) {
    long low = Unsigned.max(first, where.min());
    long high = Unsigned.min(last, where.max() - 1);
    if (Unsigned.below(high, low) || Unsigned.below(high - low, size - 1)) {
      return NONE;
    }
    long base = phasedDown(high - (size - 1), where, quantum);
    if (isInside(base, size, low, high) && crosses(base, size, where.nocross())) {
      long boundary = base + size - 1 & -where.nocross();
      base = phasedDown(boundary - size, where, quantum);
    }
    return isInside(base, size, low, high) ? base : NONE;
  }

  private static long phasedDown(long base, AddressConstraints where, long quantum) {
    return (base - where.phase() & -align(where, quantum)) + where.phase();
  }

  private static boolean crosses(long base, long size, long nocross) {
    return ((base ^ base + size - 1) & -nocross) != 0; // -0 has no bit: no boundary, no crossing
  }

  private static boolean isInside(long base, long size, long low, long high) {
    boolean isOutside = Unsigned.below(base, low) || Unsigned.below(high, base);
    return !isOutside && !Unsigned.below(high - base, size - 1);
  }

  /** {@return whether a span from a source could serve: only if nothing ties it to addresses} */
  static boolean allowsImport(AddressConstraints where) {
    return (where.nocross() | where.min() | where.max()) == 0;
  }

  /**
   * {@return how many bytes to import so that a range fits wherever the span begins; 0 if that is
   * 2^64 or more}
   *
   * @param size the size in whole quanta, with the guard
   * @param unit the larger of the arena's and the source's quantum: spans begin at multiples of it
   */
  static long importSize(long size, AddressConstraints where, long quantum, long unit) {
    long align = align(where, quantum);
    long phase = where.phase();
    long slack = Unsigned.below(unit, align) ? align - unit + (phase & (unit - 1)) : phase;
    return Unsigned.below(size + slack, size) ? 0 : Unsigned.roundUp(size + slack, unit);
  }
}
