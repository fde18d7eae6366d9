package workbench.compare;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import kernel.api.BootedSystem;
import kernel.api.LodgingStatus;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;

/**
 * Makes the exchanges of a counted run. After each it waits until the blocks of a former heap are
 * listed, which is done beside the calls: without that, footprints would depend on the host.
 */
final class Exchanges {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long PAUSE_MILLIS = 1;

  private final Deque<SwapAt> left = new ArrayDeque<>();
  private final TraceShape trace;

  Exchanges(List<SwapAt> swaps, TraceShape trace) {
    this.trace = trace;
    swaps.stream().sorted(Comparator.comparingLong(swap -> swap.event(trace))).forEach(left::add);
  }

  /** Makes those that follow an event. */
  void after(long event, BootedSystem system) {
    while (!left.isEmpty() && left.getFirst().event(trace) <= event) {
      SwapAt next = left.removeFirst();
      SwapRecord made =
          system.swap(new SwapRequest(next.tier(), next.provider(), false, true, "compare"));
      if (!made.done()) {
        throw new IllegalStateException(
            "swap of %s to %s after event %,d was called off: %s"
                .formatted(next.tier().label(), next.provider(), event, made.message()));
      }
      settle(system);
    }
  }

  private static void settle(BootedSystem system) {
    long begin = System.nanoTime();
    while (!system.lodgings().stream().allMatch(LodgingStatus::listed)) {
      if (System.nanoTime() - begin > MOST_NANOS) {
        throw new IllegalStateException("the former heap's blocks are not listed after 2 minutes");
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (CancellationException)
            new CancellationException("the comparison was interrupted").initCause(e);
      }
    }
  }
}
