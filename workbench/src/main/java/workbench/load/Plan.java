package workbench.load;

import heap.api.Heap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import trace.TraceException;

/**
 * A specification that was found to fit the machine.
 *
 * @param spec what to do
 * @param bounds the bounds of made-up work; empty for a trace
 */
record Plan(LoadSpec spec, Optional<Bounds> bounds) {
  /** Odd, and without a pattern: seeds of neighbouring threads have nothing in common. */
  private static final long SEED_STEP = 0x9E37_79B9_7F4A_7C15L;

  static Plan of(LoadSpec spec, long ramBytes) {
    return switch (spec.work()) {
      case LoadWork.Synthetic made ->
          new Plan(spec, Optional.of(Bounds.of(made, spec.threads(), ramBytes)));
      case LoadWork.Traced traced -> new Plan(spec, Optional.empty());
    };
  }

  /** {@return the number of slots that the exchange needs} */
  int slots() {
    return bounds.map(Bounds::slots).orElse(0);
  }

  /** {@return the worker of a thread, ready to run} */
  Worker worker(Heap heap, int thread, int cpu, Course course) throws TraceException {
    Pace pace = new Pace(spec.rate());
    Client client = new Client(heap, thread, cpu, pace, course);
    try {
      Work work = work(client, thread, course);
      long nanos =
          spec.seconds().isPresent()
              ? TimeUnit.SECONDS.toNanos(spec.seconds().getAsLong())
              : Long.MAX_VALUE;
      return new Worker(client, work, course, pace, nanos);
    } catch (TraceException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private Work work(Client client, int thread, Course course) throws TraceException {
    return switch (spec.work()) {
      case LoadWork.Synthetic made ->
          new SyntheticWork(
              client,
              course.exchange(),
              made.shape(),
              bounds.orElseThrow(),
              spec.seed() + thread * SEED_STEP);
      case LoadWork.Traced traced -> new TraceWork(client, traced, spec.threads());
    };
  }
}
