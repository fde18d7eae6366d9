package trace;

import java.time.Duration;
import java.util.Optional;

/** The first and the last moment of a log, in nanoseconds since any fixed one. */
public final class Clock {
  private boolean started;
  private long first;
  private long last;

  /** Creates a clock that has not been told the time. */
  public Clock() {}

  /** Takes note that something happened at this moment; earlier ones than before are allowed. */
  public void at(long nanos) {
    first = started ? Math.min(first, nanos) : nanos;
    last = started ? Math.max(last, nanos) : nanos;
    started = true;
  }

  /** Returns the time between the first and last moment, if there were any. */
  public Optional<Duration> span() {
    return started ? Optional.of(Duration.ofNanos(Math.max(0, last - first))) : Optional.empty();
  }
}
