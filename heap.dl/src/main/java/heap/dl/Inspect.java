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

  private final DlSpace space;
  private final Window w;

  Inspect(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /** Shows the blocks that clients hold: address, usable size, 0. */
  void live(RangeVisitor visitor) {
    long overhead = space.overhead();
    boolean more =
        chunks((chunk, size, kind) ->
            kind != USED || visitor.visit(chunk + Chunk.MEM, size - overhead, 0));
    if (more) {
      space.direct.chunks((chunk, span, attributes) ->
          visitor.visit(chunk + Chunk.MEM, Chunk.size(w, chunk) - Chunk.DIRECT_OVERHEAD, 0));
    }
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
      if (!chunksOf(s, s == Segments.NEWEST ? space.top : s - Chunk.MEM, visitor)) {
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
        throw new CorruptionException(
            ("chunk 0x%x in the segment at 0x%x: head 0x%x says a size that does not lead"
                    + " to the segment's end at 0x%x")
                .formatted(chunk, space.segments.base(segment), head, end));
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
