package workbench.load;

import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * When a thread makes its next call: at once, or at the next of equally spaced moments. A thread
 * that is late does not skip moments: it makes the calls that are due one after the other.
 *
 * <p>Used by one thread.
 */
final class Pace {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Linux wakes a thread some 50 microseconds late; what is left before that is waited awake. */
  private static final long AWAKE_NANOS = 60_000;

  private final double apart; // nanoseconds; a fraction, so that no rate drifts
  private final boolean steady;
  private long first;
  private long calls;

  Pace(OptionalLong rate) {
    steady = rate.isPresent();
    apart = steady ? NANOS_PER_SECOND / rate.getAsLong() : 0;
  }

  boolean steady() {
    return steady;
  }

  /** Counts the moments from now. */
  void begin() {
    first = System.nanoTime();
    calls = 0;
  }

  /** Waits until the next call is due, or the course ends. {@return when it was due, or now} */
  long next(Course course) {
    if (!steady) {
      return System.nanoTime();
    }
    long due = first + (long) (calls * apart);
    calls++;
    long now = System.nanoTime();
    while (due - now > 0) {
      if (course.ending()) {
        return now;
      }
      rest(due - now);
      now = System.nanoTime();
    }
    return due;
  }

  private static void rest(long nanos) {
    if (nanos > AWAKE_NANOS) {
      LockSupport.parkNanos(nanos - AWAKE_NANOS);
    } else {
      Thread.onSpinWait();
    }
  }
}
