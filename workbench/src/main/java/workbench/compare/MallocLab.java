package workbench.compare;

/**
 * The performance index of the malloc lab of Bryant and O'Hallaron's course, as {@code mdriver.c}
 * of the CS:APP self-study handout computes it: 60 points for utilisation, 40 for throughput up to
 * that of a reference {@code malloc}.
 *
 * @param utilisation points for space, 0 to 60: 60 times peak live bytes over peak footprint
 * @param throughput points for time, 0 to 40: 40 times the throughput over the reference, at most
 *     40
 */
public record MallocLab(double utilisation, double throughput) {
  /**
   * {@code AVG_LIBC_THRUPUT} in the handout's {@code config.h}: operations per second. Any
   * allocator on a machine of today exceeds it, so that the points for time are all or nothing;
   * courses set other values.
   */
  public static final double HANDOUT_REFERENCE = 600e3;

  private static final double SPACE_POINTS = 60;
  private static final double TIME_POINTS = 40;

  /**
   * {@return the score}
   *
   * @param utilisation peak live bytes over peak footprint, 0 to 1
   * @param operationsPerSecond the throughput
   * @param reference the throughput that gets all points, above 0
   */
  public static MallocLab of(double utilisation, double operationsPerSecond, double reference) {
    return new MallocLab(
        SPACE_POINTS * utilisation, TIME_POINTS * Math.min(1, operationsPerSecond / reference));
  }

  /** {@return the index, 0 to 100} */
  public double index() {
    return utilisation + throughput;
  }
}
