package allocator.arena;

/**
 * Changes the bounds of live segments: the operations that an arena of addresses does without, and
 * that heaps and page frames need. Guarded by the arena's lock; {@link Tags#reserve()} before.
 *
 * <p>A segment whose bounds change is idle meanwhile, so that a quantum cache, which looks without
 * the lock, sees it before or after and never between.
 */
final class Reshaping {
  private final Segments segments;
  private final Tags tags;
  private final long quantum;

  Reshaping(Segments segments, long quantum) {
    this.segments = segments;
    this.tags = segments.tags;
    this.quantum = quantum;
  }

  /** {@return the end of a segment in whole quanta, 0 for 2^64} */
  private long end(int segment) {
    return Numbers.roundUp(tags.end(segment), quantum);
  }

  /** {@return the segment or marker after a segment; the rotor is neither} */
  private int follower(int segment) {
    int next = tags.next(segment);
    return next == Tags.CURSOR ? tags.next(next) : next;
  }

  /** {@return whether a live segment could be so long where it is} */
  boolean canResize(int segment, long size) {
    long start = tags.start(segment);
    if (Numbers.below(start + size - 1, start)) {
      return false;
    }
    long more = Numbers.roundUp(start + size, quantum) - end(segment);
    boolean shrinks = !Numbers.above(size, tags.size(segment));
    return shrinks || more == 0 || hasBehind(segment, more);
  }

  private boolean hasBehind(int segment, long more) {
    int next = follower(segment);
    if (tags.type(next) != Tags.FREE) {
      return false;
    }
    if (tags.next(next) == Tags.CURSOR && Numbers.below(tags.size(next), more)) {
      segments.advance(segment); // the rotor may part two segments that would do together
    }
    return !Numbers.below(tags.size(follower(segment)), more);
  }

  /**
   * Changes the length of a segment that is idle, as {@link #canResize} allows; it is live then.
   */
  void resize(int segment, long size, int note) {
    long before = end(segment);
    segments.noteGrowth(size - tags.size(segment));
    tags.setEnd(segment, tags.start(segment) + size);
    long now = end(segment);
    if (now != before) {
      moveBoundary(segment, before, now);
    }
    tags.setState(segment, Tags.LIVE, note);
  }

  /** Lets what is free after a segment begin elsewhere, or be made, or be gone. */
  private void moveBoundary(int segment, long before, long boundary) {
    int next = follower(segment);
    if (tags.type(next) != Tags.FREE) {
      segments.makeFree(segment, boundary, before);
      return;
    }
    segments.takeFree(next);
    if (tags.end(next) == boundary) {
      tags.destroy(next);
    } else {
      tags.setStart(next, boundary);
      segments.makeFree(next);
    }
  }

  /**
   * {@return the segment that has an integer, whatever its type, or nobody}
   *
   * <p>Looks downward for the base of a live one in the table and upward from the span's start in
   * the ring, a step each in turn, so it takes twice the lesser of the two ways.
   */
  int covering(long integer) {
    int span = segments.lookup.overlapping(integer, 1);
    if (span == Tags.NONE) {
      return Tags.NONE;
    }
    long below = integer & -quantum;
    int above = follower(span);
    while (!has(above, integer)) {
      int found = segments.live.find(below);
      if (found != Tags.NONE && has(found, integer)) {
        return found;
      }
      below -= quantum;
      above = follower(above);
    }
    return above;
  }

  private boolean has(int segment, long integer) {
    return !Numbers.below(integer, tags.start(segment))
        && !Numbers.above(integer, end(segment) - 1);
  }

  /**
   * {@return the first of the live segments, each of which begins where the one before ends, that
   * have all of a range; nobody if there are none}
   */
  int liveOver(long base, long size) {
    int first = covering(base);
    int segment = first;
    while (segment != Tags.NONE && tags.type(segment) == Tags.LIVE) {
      if (!Numbers.below(end(segment) - 1, base + size - 1)) {
        return first;
      }
      segment = follower(segment);
    }
    return Tags.NONE;
  }

  /**
   * Frees whole quanta of live segments, beginning in one that {@link #liveOver} has returned; what
   * is left of those at the ends stays live with its note.
   */
  void freePart(int first, long base, long size) {
    int segment = tags.start(first) == base ? first : split(first, base);
    long end = base + size;
    while (true) {
      if (Numbers.above(end(segment) - 1, end - 1)) {
        split(segment, end);
      }
      boolean last = end(segment) == end;
      long next = end(segment);
      tags.setState(segment, Tags.IDLE);
      segments.release(segment);
      if (last) {
        return;
      }
      segment = segments.live.find(next);
    }
  }

  /** Cuts a live segment in two; {@return the upper part} */
  private int split(int segment, long at) {
    int note = tags.note(segment);
    long upper = tags.end(segment) - at;
    segments.noteGrowth(-upper);
    tags.setState(segment, Tags.IDLE);
    tags.setEnd(segment, at);
    tags.setState(segment, Tags.LIVE, note);
    return segments.makeLive(segment, at, upper, note);
  }
}
