package vmem.bump;

import vmem.api.AddressArena;
import vmem.api.AddressConstraints;

/** Where above a frontier a range may begin, and how much to import for one. */
final class Place {
  /** No constraint but the quantum. */
  static final AddressConstraints ANYWHERE = new AddressConstraints(0, 0, 0, 0, 0);

  private static final long NONE = AddressArena.NONE;

  private Place() {}

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

  private static long align(AddressConstraints where, long quantum) {
    return where.align() == 0 ? quantum : where.align();
  }

  /**
   * {@return the lowest base at or above a frontier at which a range fits, or {@link
   * AddressArena#NONE}}
   *
   * @param frontier the first address that may be used, below the end
   * @param last the last address that may be used
   * @param size the exact size: limits and boundaries do not know of quanta
   */
  static long above(long frontier, long last, long size, AddressConstraints where, long quantum) {
    long low = Unsigned.max(frontier, where.min());
    long highest = Unsigned.min(last, where.max() - 1);
    long base = uncrossed(phased(low, where, quantum), size, where, quantum);
    boolean isOutside = Unsigned.below(base, low) || Unsigned.below(highest, base);
    return isOutside || Unsigned.below(highest - base, size - 1) ? NONE : base;
  }

  /** {@return the lowest base from an address upward with the alignment and phase; may wrap} */
  private static long phased(long low, AddressConstraints where, long quantum) {
    return Unsigned.roundUp(low - where.phase(), align(where, quantum)) + where.phase();
  }

  /** {@return the base, moved behind the boundary if the range would cross one; may wrap} */
  private static long uncrossed(long base, long size, AddressConstraints where, long quantum) {
    long nocross = where.nocross();
    if (((base ^ (base + size - 1)) & -nocross) == 0) { // -0 has no bit: no boundary, no crossing
      return base;
    }
    return base + Unsigned.roundUp(-base & (nocross - 1), align(where, quantum));
  }

  /** {@return whether a span from a source could serve: only if nothing ties it to addresses} */
  static boolean allowsImport(AddressConstraints where) {
    return (where.nocross() | where.min() | where.max()) == 0;
  }

  /**
   * {@return how many bytes to import so that a range fits wherever the span begins; 0 if that is
   * 2^64 or more}
   *
   * @param size the size in whole quanta
   * @param unit the larger of the arena's and the source's quantum: spans begin at multiples of it
   */
  static long importSize(long size, AddressConstraints where, long quantum, long unit) {
    long align = align(where, quantum);
    long phase = where.phase();
    long slack = Unsigned.below(unit, align) ? align - unit + (phase & (unit - 1)) : phase;
    return Unsigned.below(size + slack, size) ? 0 : Unsigned.roundUp(size + slack, unit);
  }
}
