package trace.ranges;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trace.TraceException;

/**
 * What a range trace holds.
 *
 * @param program what it was recorded from, empty if the trace does not say
 * @param operations events that are no changes of space or thread
 * @param maps ranges born, resized ones included
 * @param unmaps parts unmapped
 * @param resizes ranges resized
 * @param overlays parts mapped anew in their place
 * @param protects changes of protection
 * @param breaks moves of a program break
 * @param spaces address spaces that there have been
 * @param threads the largest thread index plus one
 * @param peakBytes the most bytes that were mapped at once, in all spaces
 * @param peakRanges the most ranges that were live at once, in all spaces
 * @param finalBytes bytes mapped after the last event
 */
public record RangeSummary(
    String program,
    long operations,
    long maps,
    long unmaps,
    long resizes,
    long overlays,
    long protects,
    long breaks,
    int spaces,
    int threads,
    long peakBytes,
    long peakRanges,
    long finalBytes) {

  /**
   * Reads a source to its end and sums it up.
   *
   * @param source a source of which nothing has been read yet; it is not closed
   * @return its summary
   * @throws TraceException if it cannot be read to its end
   */
  public static RangeSummary of(RangeSource source) throws TraceException {
    Counter counter = new Counter();
    @Nullable RangeEvent event = source.read();
    while (event != null) {
      counter.count(event);
      event = source.read();
    }
    return counter.summary(source.program());
  }

  /** Accumulates events. */
  private static final class Counter {
    private final Spaces spaces = new Spaces();
    private final Map<RangeEvent.Operation, Long> of = new EnumMap<>(RangeEvent.Operation.class);
    private long operations;
    private int threads;
    private long peakBytes;
    private long peakRanges;

    void count(RangeEvent event) {
      spaces.apply(event);
      of.merge(event.operation(), 1L, Long::sum);
      operations += event.isOperation() ? 1 : 0;
      threads = Math.max(threads, event.thread());
      peakBytes = Math.max(peakBytes, spaces.liveBytes());
      peakRanges = Math.max(peakRanges, spaces.live());
    }

    RangeSummary summary(String program) {
      long resizes = number(RangeEvent.Operation.RESIZE);
      return new RangeSummary(
          program,
          operations,
          number(RangeEvent.Operation.MAP) + number(RangeEvent.Operation.MAP_AT) + resizes,
          number(RangeEvent.Operation.UNMAP),
          resizes,
          number(RangeEvent.Operation.OVERLAY),
          number(RangeEvent.Operation.PROTECT),
          number(RangeEvent.Operation.BREAK),
          spaces.born(),
          threads + 1,
          peakBytes,
          peakRanges,
          spaces.liveBytes());
    }

    private long number(RangeEvent.Operation operation) {
      return of.getOrDefault(operation, 0L);
    }
  }
}
