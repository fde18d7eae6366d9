package kernel.backing;

import heap.api.BackedSpans;
import kernel.event.SpanEvent;

/** Tells Flight Recorder what a heap imports and gives back, and how long that takes. */
public final class RecordedSpans implements BackedSpans {
  private final BackedSpans spans;

  /** Makes the face of these spans that an engine gets. */
  public RecordedSpans(BackedSpans spans) {
    this.spans = spans;
  }

  @Override
  public int pageBytes() {
    return spans.pageBytes();
  }

  @Override
  public boolean zeroed() {
    return spans.zeroed();
  }

  @Override
  public long allocate(long bytes, long align) {
    SpanEvent event = SpanEvent.begun();
    long base = spans.allocate(bytes, align);
    event.record("allocate", base, bytes, base != NONE);
    return base;
  }

  @Override
  public long reserve(long bytes, long align) {
    SpanEvent event = SpanEvent.begun();
    long base = spans.reserve(bytes, align);
    event.record("reserve", base, bytes, base != NONE);
    return base;
  }

  @Override
  public boolean extend(long end, long bytes) {
    SpanEvent event = SpanEvent.begun();
    boolean done = spans.extend(end, bytes);
    event.record("extend", end, bytes, done);
    return done;
  }

  @Override
  public boolean populate(long address, long bytes) {
    SpanEvent event = SpanEvent.begun();
    boolean done = spans.populate(address, bytes);
    event.record("populate", address, bytes, done);
    return done;
  }

  @Override
  public void release(long address, long bytes) {
    SpanEvent event = SpanEvent.begun();
    spans.release(address, bytes);
    event.record("release", address, bytes, true);
  }

  @Override
  public void depopulate(long address, long bytes) {
    SpanEvent event = SpanEvent.begun();
    spans.depopulate(address, bytes);
    event.record("depopulate", address, bytes, true);
  }
}
