package heap.zone;

/**
 * A moving average of counts, in 1/256, in which the history weighs three parts and the last period
 * one: XNU's {@code Z_WMA_MIX}. Used under a lock of its owner.
 */
final class Average {
  /** What one is counted as. */
  static final int UNIT = 256;

  private static final int HISTORY = 3; // weight of what was; the news weigh one

  private long value;

  /** Adds the count of a period. */
  void add(long count) {
    value = mix(value, count * UNIT);
  }

  /** {@return an average after a further period, both in 1/256} */
  static long mix(long average, long period) {
    return (HISTORY * average + period) / (HISTORY + 1);
  }

  /** {@return the average, rounded down, but at most a count} */
  int atMost(long count) {
    return (int) Math.min(value / UNIT, count);
  }

  /** Takes the same as {@link #atMost} off. */
  int take(long count) {
    int taken = atMost(count);
    value -= (long) taken * UNIT;
    return taken;
  }

  /** Takes a count off, down to nothing. */
  void less(long count) {
    value = Math.max(0, value - count * UNIT);
  }
}
