package workbench.load;

/**
 * What happened in a stretch of time. All figures are wall-clock ones of this machine.
 *
 * <p>Latencies are in nanoseconds, to three digits, at most one hour, and those of every call,
 * failed ones included; 0 if there was no call.
 *
 * @param seconds how long it was
 * @param operations calls made
 * @param failures calls that found no memory or threw an exception, and threads that broke off
 * @param corruptions blocks found damaged or misplaced
 * @param p50 the latency that half of the calls did not exceed
 * @param p99 the latency that 99 of 100 calls did not exceed
 * @param p999 the latency that 999 of 1000 calls did not exceed
 * @param max the longest latency
 */
public record LoadInterval(
    double seconds,
    long operations,
    long failures,
    long corruptions,
    long p50,
    long p99,
    long p999,
    long max) {
  /** {@return calls per second; 0 if no time has passed} */
  public double operationsPerSecond() {
    return seconds > 0 ? operations / seconds : 0;
  }
}
