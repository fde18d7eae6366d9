package workbench.ranges;

/** Time spent in calls of one kind, in nanoseconds. */
final class Stopwatch {
  private long nanos;
  private long calls;

  /** Adds the time since {@code begin}, a value of {@link System#nanoTime}. */
  void since(long begin) {
    nanos += System.nanoTime() - begin;
    calls++;
  }

  long nanos() {
    return nanos;
  }

  long calls() {
    return calls;
  }
}
