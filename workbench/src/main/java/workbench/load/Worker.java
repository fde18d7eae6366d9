package workbench.load;

import org.HdrHistogram.Histogram;
import trace.TraceException;

/** One thread of a load, from its first call to the last block freed. */
final class Worker implements Runnable {
  private static final long NEVER = Long.MIN_VALUE;

  private final Client client;
  private final Work work;
  private final Course course;
  private final Pace pace;
  private final long deadline; // NEVER for none
  private final long begun = System.nanoTime();
  private volatile long ended = NEVER;

  /**
   * Creates a worker.
   *
   * @param nanos how long it works, at least 0; {@link Long#MAX_VALUE} for no limit
   */
  Worker(Client client, Work work, Course course, Pace pace, long nanos) {
    this.client = client;
    this.work = work;
    this.course = course;
    this.pace = pace;
    this.deadline = nanos == Long.MAX_VALUE ? NEVER : begun + nanos;
  }

  Client client() {
    return client;
  }

  /** {@return nanoseconds from {@code since}, or its own beginning, until now, or its end} */
  long nanos(long since, long now) {
    long end = ended == NEVER ? now : ended;
    return Math.max(0, end - (since - begun > 0 ? since : begun));
  }

  /** Gives up what it holds open; it never ran. */
  void abandon() {
    work.drain();
    client.close();
  }

  void addTo(Histogram all, Histogram marked, long mark, long now) {
    client.latencies().addAllTo(all, !pace.steady(), nanos(begun, now));
    client.latencies().addMarkedTo(marked, !pace.steady(), nanos(mark, now));
  }

  @Override
  public void run() {
    try (client) {
      attempt(this::goOn);
      client.endOperations();
      ended = System.nanoTime();
      attempt(work::drain);
      if (course.lastToWork() && work instanceof SyntheticWork made) {
        attempt(made::drainExchange);
      }
    } finally {
      course.leave();
    }
  }

  private void goOn() throws TraceException {
    client.begin();
    boolean more = true;
    while (more && !course.ending() && (deadline == NEVER || client.now() - deadline < 0)) {
      more = work.step();
    }
  }

  /** A part of the work. */
  private interface Part {
    void run() throws TraceException;
  }

  /** No thread ends without a word: what breaks a part off is counted and shown. */
  private void attempt(Part part) {
    try {
      part.run();
    } catch (TraceException | RuntimeException | Error e) {
      client.failed("the thread broke off: " + e);
    }
  }
}
