package trace;

import java.nio.file.Path;

/**
 * What a trace holds: how many operations of each kind, and how much of the program's memory was
 * live. All bytes are bytes asked for; a zeroed block counts its count times its size.
 *
 * @param program the program's name, empty if the trace does not say
 * @param operations events that are not thread switches
 * @param ids blocks born, resized ones included
 * @param allocates plain allocations
 * @param zeroed zeroed allocations
 * @param aligned aligned allocations
 * @param resizes resizes
 * @param frees frees
 * @param threads the largest thread index plus one
 * @param threadSwitches thread switch lines
 * @param peakLiveBytes the most bytes that were live at once
 * @param peakLiveBlocks the most blocks that were live at once
 * @param finalLiveBytes bytes live after the last event
 * @param finalLiveBlocks blocks live after the last event
 * @param requestedBytes bytes asked for by all births together, at most 2^63 - 1
 */
public record TraceSummary(
    String program,
    long operations,
    long ids,
    long allocates,
    long zeroed,
    long aligned,
    long resizes,
    long frees,
    int threads,
    long threadSwitches,
    long peakLiveBytes,
    long peakLiveBlocks,
    long finalLiveBytes,
    long finalLiveBlocks,
    long requestedBytes) {

  /**
   * Reads a whole file and sums it up.
   *
   * @param file a trace in any format that is read
   * @return its summary
   * @throws TraceException if it cannot be read to its end
   */
  public static TraceSummary of(Path file) throws TraceException {
    try (TraceReader reader = TraceReader.open(file)) {
      return of(reader);
    }
  }

  /**
   * Reads a source to its end and sums it up.
   *
   * @param source a source of which nothing has been read yet; it is not closed
   * @return its summary
   * @throws TraceException if it cannot be read to its end
   */
  public static TraceSummary of(EventSource source) throws TraceException {
    Counter counter = new Counter();
    EventBatch batch = new EventBatch();
    while (source.read(batch)) {
      counter.count(batch);
    }
    return counter.summary(source.program());
  }

  /** Accumulates batches. */
  private static final class Counter {
    private final long[] ofKind = new long[EventBatch.THREAD + 1];
    private final LiveAccount live = new LiveAccount();
    private int largestThread;
    private long requested;

    void count(EventBatch batch) {
      live.reserve(batch.slots());
      for (int i = 0; i < batch.length; i++) {
        int kind = batch.operation[i];
        ofKind[kind]++;
        switch (kind) {
          case EventBatch.FREE -> live.death(batch.slot[i]);
          case EventBatch.THREAD -> largestThread = Math.max(largestThread, batch.thread[i]);
          case EventBatch.RESIZE -> {
            live.death(batch.oldSlot[i]);
            birth(batch, i);
          }
          default -> birth(batch, i);
        }
      }
    }

    TraceSummary summary(String program) {
      long ids = 0;
      for (int kind = EventBatch.ALLOCATE; kind <= EventBatch.RESIZE; kind++) {
        ids += ofKind[kind];
      }
      return new TraceSummary(
          program,
          ids + ofKind[EventBatch.FREE],
          ids,
          ofKind[EventBatch.ALLOCATE],
          ofKind[EventBatch.ZEROED],
          ofKind[EventBatch.ALIGNED],
          ofKind[EventBatch.RESIZE],
          ofKind[EventBatch.FREE],
          largestThread + 1,
          ofKind[EventBatch.THREAD],
          live.peakBytes(),
          live.peakBlocks(),
          live.bytes(),
          live.blocks(),
          requested);
    }

    private void birth(EventBatch batch, int i) {
      long bytes = batch.bytes(i);
      live.birth(batch.slot[i], bytes);
      long sum = requested + bytes;
      requested = sum < 0 ? Long.MAX_VALUE : sum;
    }
  }
}
