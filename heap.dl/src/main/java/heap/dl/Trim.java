package heap.dl;

import hardware.api.Window;
import heap.api.BackedSpans;

/** How a space gives memory back: the end of top, whole unused segments, and single spans. */
final class Trim {
  /** Calls that gave something back. */
  long releases;

  private final DlSpace space;
  private final Window w;
  private final BackedSpans spans;

  Trim(DlSpace space) {
    this.space = space;
    this.w = space.window;
    this.spans = space.spans;
  }

  /**
   * Gives back all but the last granule of top, and segments that hold nothing. If nothing could be
   * given back although top is large, frees do not try again until the heap has grown.
   *
   * @param keep bytes of top to keep, rounded up to granules
   * @return the bytes given back
   */
  long trim(long keep) {
    if (space.top == 0) {
      return 0;
    }
    long released = keep <= Chunk.MOST_REQUEST ? shrinkTop(keep + Chunk.TOP_FOOT) : 0;
    released += releaseUnused();
    if (released == 0 && space.topSize > space.trimCheck) {
      space.trimCheck = Long.MAX_VALUE;
    }
    return released;
  }

  private long shrinkTop(long keep) {
    Segments segments = space.segments;
    long segment = segments.holding(space.top);
    if (space.topSize <= keep || segments.external(segment)) {
      return 0;
    }
    long unit = space.settings.granularity();
    long extra = ((space.topSize - keep + unit - 1) / unit - 1) * unit;
    if (extra == 0 || extra > segments.size(segment) || segments.holdsRecord(segment)) {
      return 0;
    }
    segments.size(segment, segments.size(segment) - extra);
    space.beginTop(space.top, space.topSize - extra);
    giveBack(segments.end(segment), extra);
    return extra;
  }

  private void giveBack(long base, long bytes) {
    space.growth.footprint -= bytes;
    releases++;
    if (space.segments.atBound(base, bytes)) {
      space.segments.remeasure(space.direct);
    }
    spans.release(base, bytes);
  }

  /**
   * Gives back every segment but the newest whose chunks are all free, and begins the count anew.
   *
   * @return the bytes given back
   */
  long releaseUnused() {
    Segments segments = space.segments;
    long released = 0;
    long count = 0;
    long before = segments.first();
    for (long s = segments.next(before); s != 0; count++) {
      long next = segments.next(s);
      if (!segments.external(s) && unused(s)) {
        released += release(s, before);
      } else {
        before = s;
      }
      s = next;
    }
    space.releaseChecks = Math.max(count, space.settings.releaseChecks());
    return released;
  }

  private boolean unused(long segment) {
    long first = space.segments.base(segment);
    long foot = space.segments.end(segment) - Chunk.TOP_FOOT;
    return !Chunk.inUse(w, first) && Long.compareUnsigned(Chunk.next(w, first), foot) >= 0;
  }

  private long release(long segment, long before) {
    long base = space.segments.base(segment);
    long size = space.segments.size(segment);
    if (base == space.victim) {
      space.noVictim();
    } else if (!space.unlink(base, Chunk.size(w, base))) {
      throw Faults.unlinkable(w, base, Chunk.size(w, base));
    }
    space.segments.next(before, space.segments.next(segment));
    giveBack(base, size);
    return size;
  }

  /** Frees a chunk that has its own span. */
  void freeDirect(long chunk) {
    long base = space.direct.base(chunk);
    long bytes = space.direct.size(chunk);
    space.direct.remove(chunk);
    giveBack(base, bytes);
  }
}
