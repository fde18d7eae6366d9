package allocator.arena;

/**
 * The constraints of the request being served, unpacked. One object per arena, filled anew for each
 * request, guarded by the arena's lock.
 */
final class Bounds {
  private long align;
  private long phase;
  private long nocross;
  private long min;
  private long lastAllowed; // the last address allowed, so that no limit is the highest address
  private long placed;

  /** Takes no constraint but the quantum. */
  void none(long quantum) {
    align = quantum;
    phase = 0;
    nocross = 0;
    min = 0;
    lastAllowed = -1;
  }

  /** Takes a request's constraints, which {@link #check} has accepted. */
  void take(Constraints where, long quantum) {
    align = where.align() == 0 ? quantum : where.align();
    phase = where.phase();
    nocross = where.nocross();
    min = where.min();
    lastAllowed = where.max() - 1;
  }

  /**
   * Refuses constraints that no range could meet.
   *
   * @throws IllegalArgumentException naming the values
   */
  static void check(Constraints where, long size, long quantum) {
    long align = where.align() == 0 ? quantum : where.align();
    if (Numbers.isOff(align | where.phase() | where.nocross(), quantum)) {
      throw bad(where, size, "align, phase and nocross must be multiples of the quantum");
    }
    if (!Numbers.isPower(align) || !Numbers.isPower(where.nocross())) {
      throw bad(where, size, "align and nocross must be powers of two");
    }
    if (!Numbers.below(where.phase(), align)) {
      throw bad(where, size, "phase must be below align");
    }
    if (where.nocross() != 0 && isWiderThanBoundary(where, align, size)) {
      throw bad(where, size, "the range cannot lie between two multiples of nocross");
    }
  }

  private static boolean isWiderThanBoundary(Constraints where, long align, long size) {
    long needed = Numbers.roundUp(where.phase() + size, align);
    return Numbers.above(align, where.nocross())
        || Numbers.above(size, where.nocross())
        || Numbers.above(needed, where.nocross());
  }

  private static IllegalArgumentException bad(Constraints where, long size, String why) {
    return new IllegalArgumentException(
        "size 0x%x, align 0x%x, phase 0x%x, nocross 0x%x: %s"
            .formatted(size, where.align(), where.phase(), where.nocross(), why));
  }

  /**
   * Tries to place a range in a free segment; {@link #placed} is where.
   *
   * @param start the segment's first address
   * @param end the address behind its last one
   * @return whether it has room
   */
  boolean place(long start, long end, long size) {
    if (Numbers.below(end - 1, min) || Numbers.above(start, lastAllowed)) {
      return false;
    }
    long low = Numbers.max(start, min);
    long last = Numbers.min(end - 1, lastAllowed);
    if (Numbers.below(last, low)) {
      return false;
    }
    placed = Numbers.phaseUp(low, align, phase);
    if (Numbers.crosses(placed, size, nocross)) {
      placed += Numbers.roundUp(Numbers.toNext(placed, nocross), align);
    }
    long room = last - low; // one less than the bytes between, so that 2^64 of them fit
    long skipped = placed - low;
    return !Numbers.above(skipped, room) && !Numbers.below(room - skipped, size - 1);
  }

  /** {@return where the last successful {@link #place} put the range} */
  long placed() {
    return placed;
  }

  /** {@return whether a span from a source could serve: only if nothing ties it to addresses} */
  boolean allowsImport() {
    return nocross == 0 && min == 0 && lastAllowed == -1;
  }

  /** {@return the first address of a span at which a range may begin} */
  long firstIn(long base) {
    return Numbers.phaseUp(base, align, phase);
  }

  /**
   * {@return how many bytes to import so that the range fits wherever the span begins}
   *
   * @param unit the larger of the arena's and the source's quantum
   * @param quantum the arena's quantum
   * @param least never to import less
   */
  long importSize(long size, long unit, long quantum, long least) {
    long slack = phase;
    if (Numbers.above(align, unit)) {
      slack = align - (Numbers.isOff(phase, unit) ? quantum : unit);
    }
    long needed = Numbers.max(size + slack, least);
    return Numbers.below(size + slack, size) ? 0 : Numbers.roundUp(needed, unit);
  }

  /** {@return a size that is enough for the range in any free segment; 0 if it is 2^64 or more} */
  long enough(long size, long quantum) {
    long needed = size + (align - quantum);
    return Numbers.below(needed, size) ? 0 : Numbers.roundUp(needed, quantum);
  }
}
