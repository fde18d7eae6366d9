package allocator.arena;

/**
 * Where a range may lie. All values are unsigned.
 *
 * @param align the base is {@code phase} above a multiple of this power of two; at least the
 *     quantum, or 0 for just that
 * @param phase offset from the alignment, a multiple of the quantum below {@code align}
 * @param nocross the range crosses no multiple of this power of two; 0 for no such boundary
 * @param min the lowest base allowed
 * @param max the integer behind the last one allowed; 0 for 2^64
 */
public record Constraints(long align, long phase, long nocross, long min, long max) {
  /**
   * {@return constraints that a range is aligned and nothing else}
   *
   * @param align a power of two
   */
  public static Constraints aligned(long align) {
    return new Constraints(align, 0, 0, 0, 0);
  }

  /**
   * {@return constraints that a range begins exactly at an integer}
   *
   * @param base the integer
   * @param size the size of the range
   * @param quantum the arena's quantum
   */
  public static Constraints exactly(long base, long size, long quantum) {
    return new Constraints(quantum, 0, 0, base, base + size);
  }
}
