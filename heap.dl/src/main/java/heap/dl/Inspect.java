package heap.dl;

import allocator.api.CorruptionException;
import allocator.api.RangeVisitor;
import hardware.api.Window;

/** Walks over the chunks of a space, from the first of each segment to its last. */
final class Inspect {
  /** Attribute of a chunk that is free. */
  static final long FREE = 0;

  /** Attribute of a chunk that a client holds. */
  static final long USED = 1;

  private static final long AHEAD = 1024; // a memory access takes about as long as so much walk

  private final DlSpace space;
  private final Window w;

  @SuppressWarnings("unused") // written, so that the compiler leaves the loads ahead where they are
  private long lookedAt;

  Inspect(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /** Shows the blocks that clients hold: address, usable size, 0. */
  void live(RangeVisitor visitor) {
    Segments segments = space.segments;
    for (long s = segments.first(); s != 0; s = segments.next(s)) {
      if (!liveOf(segments.base(s), lastOf(s), visitor)) {
        return;
      }
    }
    space.direct.chunks((chunk, span, attributes) ->
        visitor.visit(chunk + Chunk.MEM, Chunk.size(w, chunk) - Chunk.DIRECT_OVERHEAD, 0));
  }

  /** {@return where the chunks of a segment end: its record or top} */
  private long lastOf(long segment) {
    return segment == Segments.NEWEST ? space.top : segment - Chunk.MEM;
  }

  /*
   * The walk that a swap's callers wait for. Where the next chunk is stands in this one, so each
   * head is a cache miss that begins when the one before has ended; a load some lines ahead that
   * nothing waits for takes a third off that.
   */
  private boolean liveOf(long base, long end, RangeVisitor visitor) {
    long overhead = space.overhead();
    long ahead = 0;
    for (long chunk = base; chunk != end; ) {
      long head = w.getLong(chunk + Chunk.HEAD);
      long size = head & ~Chunk.FLAGS;
      if (size < Chunk.LEAST || Long.compareUnsigned(size, end - chunk) > 0) {
        throw astray(chunk, head, base, end);
      }
      if ((head & Chunk.CINUSE) != 0 && !visitor.visit(chunk + Chunk.MEM, size - overhead, 0)) {
        return false;
      }
      ahead ^= w.getLong(Math.min(chunk + AHEAD, end));
      chunk += size;
    }
    lookedAt = ahead;
    return true;
  }

  private static CorruptionException astray(long chunk, long head, long base, long end) {
    return new CorruptionException(
        ("chunk 0x%x in the segment at 0x%x: head 0x%x says a size that does not lead"
                + " to the segment's end at 0x%x")
            .formatted(chunk, base, head, end));
  }

  /** Shows the memory held from below: address and size of each segment and span. */
  void held(RangeVisitor visitor) {
    Segments segments = space.segments;
    for (long s = segments.first(); s != 0; s = segments.next(s)) {
      if (!visitor.visit(segments.base(s), segments.size(s), segments.flags(s))) {
        return;
      }
    }
    space.direct.spans(visitor);
  }

  /**
   * Shows every chunk of every segment but top, records and fences: address, size, {@link #USED} or
   * {@link #FREE}.
   *
   * @return false if the visitor ended the walk
   */
  boolean chunks(RangeVisitor visitor) {
    Segments segments = space.segments;
    for (long s = segments.first(); s != 0; s = segments.next(s)) {
      if (!chunksOf(s, lastOf(s), visitor)) {
        return false;
      }
    }
    return true;
  }

  /** Shows the chunks of a segment up to its record or top. */
  boolean chunksOf(long segment, long end, RangeVisitor visitor) {
    long chunk = space.segments.base(segment);
    while (chunk != end) {
      long head = Chunk.head(w, chunk);
      long size = head & ~Chunk.FLAGS;
      if (size < Chunk.LEAST || Long.compareUnsigned(size, end - chunk) > 0) {
        throw astray(chunk, head, space.segments.base(segment), end);
      }
      if (!visitor.visit(chunk, size, (head & Chunk.CINUSE) == 0 ? FREE : USED)) {
        return false;
      }
      chunk += size;
    }
    return true;
  }

  /** Counts what the original's mallinfo tells. */
  Totals totals() {
    if (space.top == 0) {
      return new Totals(0, 0, 0, 0);
    }
    long topmost = space.topSize + Chunk.TOP_FOOT;
    long[] sum = {topmost, 1, topmost}; // top is always free
    chunks((chunk, size, kind) -> {
      sum[0] += size;
      if (kind == FREE) {
        sum[1]++;
        sum[2] += size;
      }
      return true;
    });
    // A record is a chunk in use to the original, too.
    sum[0] += (space.segments.count() - 1) * Chunk.RECORD;
    return new Totals(sum[0], sum[1], sum[2], space.topSize);
  }

  /**
   * What the original's mallinfo counts.
   *
   * @param arena bytes in chunks of segments, top's foot included
   * @param freeChunks free chunks, top included
   * @param freeBytes bytes in them, top's foot included
   * @param topBytes size of top
   */
  record Totals(long arena, long freeChunks, long freeBytes, long topBytes) {}
}
