package vmem.bump;

import java.util.function.LongSupplier;

/**
 * How fast an arena is used up. The rate is that of the last half to whole minute if somebody looks
 * at least twice a minute, else the mean since the last look but one; at first, since the arena was
 * made. Hot calls pay nothing for it. Guarded by the arena's lock.
 */
final class Forecast {
  /** Seconds left when the arena is not being used up. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long WINDOW = 30_000_000_000L; // ns
  private static final long SECOND = 1_000_000_000L; // ns

  private final LongSupplier clock;
  private long since; // ns: where the period begins that the rate is the mean of
  private long before; // bytes used by then
  private long markedAt; // ns: where the next period will begin
  private long marked; // bytes used by then

  /**
   * Begins to watch.
   *
   * @param clock nanoseconds from any origin
   * @param used bytes by which frontiers have moved so far
   */
  Forecast(LongSupplier clock, long used) {
    this.clock = clock;
    this.since = clock.getAsLong();
    this.before = used;
    this.markedAt = since;
    this.marked = used;
  }

  /** {@return bytes used up per second lately} */
  long rate(long used) {
    long now = clock.getAsLong();
    if (now - markedAt >= WINDOW) {
      since = markedAt;
      before = marked;
      markedAt = now;
      marked = used;
    }
    double seconds = (double) Math.max(1, now - since) / SECOND;
    return Math.round(toDouble(used - before) / seconds);
  }

  /** {@return how many seconds some bytes last at a rate, or {@link #NEVER}} */
  static long secondsLeft(long left, long rate) {
    return rate == 0 ? NEVER : Long.divideUnsigned(left, rate);
  }

  private static double toDouble(long unsigned) {
    return (double) (unsigned >>> 1) * 2 + (unsigned & 1);
  }
}
