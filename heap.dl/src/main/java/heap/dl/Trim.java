package heap.dl;

import allocator.api.TierVacantException;
import hardware.api.Window;
import heap.api.BackedSpans;

/**
 * How a space gives memory back: the end of top, whole unused segments, and single spans. The tier
 * below is called before anything is written down, or what was done is undone if it throws, so that
 * an error leaves every byte either held or gone.
 */
final class Trim {
  /** Calls that gave something back. */
  long releases;

  /** Times that nobody was below to take memory back after a free. */
  long putOff;

  private final DlSpace space;
  private final Window w;
  private final BackedSpans spans;

  Trim(DlSpace space) {
    this.space = space;
    this.w = space.window;
    this.spans = space.spans;
  }

  /**
   * Trims after a free, which has taken place whatever comes of this. If nobody is below to take
   * memory back, it is kept until top has grown by the threshold once more.
   */
  void trimAfterFree() {
    try {
      trim(0);
    } catch (TierVacantException e) {
      putOff++;
      long more = Math.min(space.settings.trimThreshold(), Chunk.MOST_REQUEST);
      space.trimCheck = space.topSize + Math.max(more, space.settings.granularity());
    }
  }

  /** Looks for unused segments after a free; those that nobody takes back stay until the next. */
  void releaseAfterFree() {
    try {
      releaseUnused();
    } catch (TierVacantException e) {
      putOff++;
    }
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
    spans.release(segments.end(segment) - extra, extra);
    segments.size(segment, segments.size(segment) - extra);
    space.beginTop(space.top, space.topSize - extra);
    noteReleased(segments.end(segment), extra);
    return extra;
  }

  private void noteReleased(long base, long bytes) {
    space.growth.footprint -= bytes;
    releases++;
    if (space.segments.atBound(base, bytes)) {
      space.segments.remeasure(space.direct);
    }
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
    space.releaseChecks = space.settings.releaseChecks();
    for (long s = segments.next(before); s != 0; count++) {
      long next = segments.next(s);
      if (!segments.external(s) && unused(s)) {
        released += release(s, before);
      } else {
        before = s;
      }
      s = next;
    }
    space.releaseChecks = Math.max(count, space.releaseChecks);
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
    long next = space.segments.next(segment);
    long free = Chunk.size(w, base);
    boolean victim = base == space.victim;
    if (victim) {
      space.noVictim();
    } else if (!space.unlink(base, free)) {
      throw Faults.unlinkable(w, base, free);
    }
    releaseOrUndo(base, size, free, victim);
    space.segments.next(before, next);
    noteReleased(base, size);
    return size;
  }

  /** Gives a segment back, or puts its only chunk back where it was. */
  private void releaseOrUndo(long base, long size, long free, boolean victim) {
    boolean done = false;
    try {
      spans.release(base, size);
      done = true;
    } finally {
      if (!done && victim) {
        space.victim = base;
        space.victimSize = free;
      } else if (!done) {
        space.insert(base, free);
      }
    }
  }

  /** Frees a chunk that has its own span. */
  void freeDirect(long chunk) {
    long base = space.direct.base(chunk);
    long bytes = space.direct.size(chunk);
    spans.release(base, bytes);
    space.direct.remove(chunk);
    noteReleased(base, bytes);
  }
}
