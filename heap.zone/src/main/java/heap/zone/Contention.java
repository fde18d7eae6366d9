package heap.zone;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How often a lock of a zone was found taken: counted as it happens, and as an average per second
 * and CPU, in 1/256. Counting is safe for several threads; the rest is done by one at a time.
 */
final class Contention {
  private static final long MILLIS = 1000; // of a second

  private final AtomicLong met = new AtomicLong();
  private final int cpus;
  private volatile long average;
  private long before; // the average of the last period

  Contention(int cpus) {
    this.cpus = cpus;
  }

  void met() {
    met.incrementAndGet();
  }

  /** Ends a period of so many milliseconds. */
  void endPeriod(long millis) {
    before = average;
    long rate = met.getAndSet(0) * Average.UNIT * MILLIS / (cpus * Math.max(1, millis));
    average = Average.mix(before, rate);
  }

  /** {@return whether two averages in a row were at least so many per second and CPU} */
  boolean persists(long perSecond) {
    long level = perSecond * Average.UNIT;
    return before >= level && average >= level;
  }

  /** {@return the average per second and CPU, in 1/256} */
  long average() {
    return average;
  }

  /** Forgets the history and begins at a value. */
  void restart(long value) {
    average = value;
  }
}
