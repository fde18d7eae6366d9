package allocator.arena;

import allocator.api.TransferRefusedException;

/**
 * What one arena takes over from a predecessor: collected, sorted and checked before anything is
 * changed, then built up in one pass in falling order, so that the lowest free segment of each list
 * is its first. Nothing is split or joined: every tag is made once, as it stays. Used by one
 * thread.
 */
public final class Heritage {
  private final ArenaShape shape;
  private final long mostTags;
  private final Ranges spans = new Ranges();
  private final Ranges live = new Ranges();
  private long gaps; // known once checked: the number of free segments

  /**
   * Begins with nothing.
   *
   * @param shape the description of the arena
   * @param mostTags how many boundary tags the arena may use
   */
  public Heritage(ArenaShape shape, long mostTags) {
    this.shape = shape;
    this.mostTags = mostTags;
  }

  /** {@return the description of the arena} */
  public ArenaShape shape() {
    return shape;
  }

  /**
   * Adds a span.
   *
   * @param base its first integer
   * @param size its length
   * @param imported whether it came from the arena's source and goes back there
   */
  public void addSpan(long base, long size, boolean imported) {
    spans.add(base, size, imported ? 1 : 0);
  }

  /**
   * Adds a live range.
   *
   * @param base its first integer
   * @param size its length as its client knows it
   */
  public void addLive(long base, long size) {
    addLive(base, size, 0);
  }

  /**
   * Adds a live range with a note.
   *
   * @param base its first integer
   * @param size its length as its client knows it
   * @param note what {@link Arena#walkAllocated} is to show with it, 0 to {@link Arena#NOTE_MAX}
   */
  public void addLive(long base, long size, int note) {
    live.add(base, size, note);
  }

  /**
   * Sorts and checks everything.
   *
   * @throws TransferRefusedException naming the first range that an arena cannot represent
   */
  public void check() {
    spans.sort();
    live.sort();
    for (int i = 0; i < spans.count(); i++) {
      checkRange("span", spans, i, spans.size(i));
    }
    for (int i = 0; i < live.count(); i++) {
      checkRange("live range", live, i, 0);
    }
    countGaps();
    if (tags() > mostTags) {
      throw refused("%d boundary tags are needed, the limit is %d".formatted(tags(), mostTags));
    }
  }

  private long tags() {
    return (long) spans.count() + live.count() + gaps;
  }

  private void checkRange(String what, Ranges ranges, int index, long whole) {
    long base = ranges.base(index);
    if (Numbers.isOff(base | whole, shape.quantum())
        || ranges.size(index) == 0
        || Numbers.below(ranges.last(index), base)) {
      throw refused(what, ranges, index, "is misaligned or empty");
    }
    if (index > 0 && !Numbers.below(end(ranges, index - 1) - 1, base)) {
      throw refused(what, ranges, index, "overlaps the one below");
    }
  }

  /** {@return the address behind a range that is rounded up to whole quanta, 0 for 2^64} */
  private long end(Ranges ranges, int index) {
    return Numbers.roundUp(ranges.base(index) + ranges.size(index), shape.quantum());
  }

  private void countGaps() {
    gaps = 0;
    int next = 0;
    for (int span = 0; span < spans.count(); span++) {
      long free = spans.base(span);
      for (; next < live.count() && isInside(span, next); next++) {
        gaps += free == live.base(next) ? 0 : 1;
        free = end(live, next);
      }
      gaps += free == end(spans, span) ? 0 : 1;
    }
    if (next < live.count()) {
      throw refused("live range", live, next, "lies in no span");
    }
  }

  private boolean isInside(int span, int index) {
    return !Numbers.below(live.base(index), spans.base(span))
        && !Numbers.above(end(live, index) - 1, spans.last(span));
  }

  /**
   * Builds the segments of an arena that has none; {@link #check} has found that it can be done.
   *
   * @throws TransferRefusedException if the host has no memory for the tags; nothing has changed
   */
  void settle(Segments segments) {
    if (!segments.tags.reserve(tags())) {
      throw refused("no memory for %d boundary tags".formatted(tags()));
    }
    segments.live.expect(live.count());
    int next = live.count() - 1;
    for (int i = spans.count() - 1; i >= 0; i--) {
      next = settle(segments, i, next);
    }
  }

  /** Builds a span; {@return the last live range below it} */
  private int settle(Segments segments, int index, int lastLive) {
    boolean imported = spans.note(index) != 0;
    int span = segments.openSpan(spans.base(index), spans.size(index), imported);
    int next = lastLive;
    long free = end(spans, index); // the end of what is not built yet
    for (; next >= 0 && !Numbers.below(live.base(next), spans.base(index)); next--) {
      if (end(live, next) != free) {
        segments.makeFree(span, end(live, next), free);
      }
      free = live.base(next);
      segments.makeLive(span, free, live.size(next), live.note(next));
    }
    if (free != spans.base(index)) {
      segments.makeFree(span, spans.base(index), free);
    }
    return next;
  }

  private TransferRefusedException refused(String what, Ranges ranges, int index, String why) {
    return refused(
        "the %s at 0x%x of 0x%x %s %s"
            .formatted(what, ranges.base(index), ranges.size(index), shape.unit(), why));
  }

  private TransferRefusedException refused(String why) {
    return new TransferRefusedException("arena %s: %s".formatted(shape.name(), why));
  }
}
