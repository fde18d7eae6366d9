package trace.frames;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trace.TraceException;

/**
 * What a frame trace holds.
 *
 * @param program what it was recorded from, empty if the trace does not say
 * @param operations allocations and frees
 * @param allocations blocks allocated
 * @param frees blocks freed
 * @param cpus the largest CPU index plus one
 * @param peakFrames the most frames that were allocated at once
 * @param finalFrames frames allocated after the last event
 * @param ofOrder for each order from 0 the number of blocks allocated, up to the largest used
 */
public record FrameSummary(
    String program,
    long operations,
    long allocations,
    long frees,
    int cpus,
    long peakFrames,
    long finalFrames,
    List<Long> ofOrder) {

  /** Copies the list. */
  public FrameSummary {
    ofOrder = List.copyOf(ofOrder);
  }

  /**
   * Reads a source to its end and sums it up.
   *
   * @param source a source of which nothing has been read yet; it is not closed
   * @return its summary
   * @throws TraceException if it cannot be read to its end
   */
  public static FrameSummary of(FrameSource source) throws TraceException {
    Counter counter = new Counter();
    @Nullable FrameEvent event = source.read();
    while (event != null) {
      counter.count(event);
      event = source.read();
    }
    return counter.summary(source.program());
  }

  /** Accumulates events. */
  private static final class Counter {
    private final Map<Long, Integer> live = new HashMap<>();
    private final long[] ofOrder = new long[FrameEvent.LARGEST_ORDER + 1];
    private long frees;
    private long frames;
    private long peak;
    private int largestCpu;

    void count(FrameEvent event) {
      largestCpu = Math.max(largestCpu, event.cpu());
      switch (event.operation()) {
        case ALLOCATE -> {
          live.put(event.id(), event.order());
          ofOrder[event.order()]++;
          frames += 1L << event.order();
          peak = Math.max(peak, frames);
        }
        case FREE -> {
          frees++;
          Integer order = live.remove(event.id());
          frames -= order == null ? 0 : 1L << order;
        }
        case CPU -> {}
      }
    }

    FrameSummary summary(String program) {
      List<Long> orders = new ArrayList<>();
      long allocations = 0;
      for (long count : ofOrder) {
        orders.add(count);
        allocations += count;
      }
      while (!orders.isEmpty() && orders.getLast() == 0) {
        orders.removeLast();
      }
      return new FrameSummary(
          program, allocations + frees, allocations, frees, largestCpu + 1, peak, frames, orders);
    }
  }
}
