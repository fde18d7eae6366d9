package allocator.arena;

import allocator.api.CorruptionException;

/**
 * Recomputes an arena from its ring of segments and compares with all that is kept beside it: the
 * free lists and their map, the table of live segments, the ring of spans, the figures, the store
 * of tags. The caller has the arena's lock; one object serves one check.
 */
final class Audit {
  private final ArenaShape shape;
  private final Segments segments;
  private final Tags tags;
  private final long cachedExpected;

  private long facts;
  private long spans;
  private long members; // tags in the ring that are neither the anchor nor the rotor
  private long total;
  private long imported;
  private long inUse;
  private long freeBytes;
  private long freeCount;
  private long liveCount;
  private long cachedCount;

  Audit(ArenaShape shape, Segments segments, long cachedExpected) {
    this.shape = shape;
    this.segments = segments;
    this.tags = segments.tags;
    this.cachedExpected = cachedExpected;
  }

  /**
   * Checks everything.
   *
   * @return the number of facts checked
   * @throws CorruptionException naming the first one that does not hold
   */
  long check() {
    checkRing();
    checkFreeLists();
    checkFigures();
    checkSpansDisjoint();
    return facts;
  }

  private void checkRing() {
    int kin = Tags.ANCHOR;
    int tag = afterRotor(tags.next(Tags.ANCHOR));
    int before = Tags.ANCHOR;
    while (tag != Tags.ANCHOR) {
      expect("type of the tag that begins a span", tag, Tags.SPAN, tags.type(tag));
      expect("next of kin of a span", kin, tag, tags.kinNext(kin));
      expect("previous of kin of a span", tag, kin, tags.kinPrevious(tag));
      kin = tag;
      before = checkSpan(tag);
      tag = afterRotor(tags.next(before));
    }
    expect("next of kin of the last span", kin, Tags.ANCHOR, tags.kinNext(kin));
    expect("previous of kin of the anchor", Tags.ANCHOR, kin, tags.kinPrevious(Tags.ANCHOR));
    expect(
        "rotor's successor's predecessor",
        Tags.CURSOR,
        Tags.CURSOR,
        tags.previous(tags.next(Tags.CURSOR)));
  }

  private int afterRotor(int tag) {
    return tag == Tags.CURSOR ? tags.next(tag) : tag;
  }

  /** Checks the segments of a span and returns the last of them. */
  private int checkSpan(int span) {
    spans++;
    members++;
    total += tags.size(span);
    imported += tags.isImported(span) ? tags.size(span) : 0;
    long expected = tags.start(span);
    int before = span;
    int last = span;
    for (int tag = tags.next(span); tags.type(tag) != Tags.SPAN; tag = tags.next(tag)) {
      expect("predecessor", tag, before, tags.previous(tag));
      if (tag != Tags.CURSOR) {
        expect("start", tag, expected, tags.start(tag));
        expected = Numbers.roundUp(tags.end(tag), shape.quantum());
        checkSegment(tag, before);
        last = tag;
      }
      before = tag;
    }
    expect("end of the last segment of the span", span, tags.end(span), expected);
    return last;
  }

  private void checkSegment(int tag, int before) {
    members++;
    expect("start modulo the quantum", tag, 0, tags.start(tag) & (shape.quantum() - 1));
    switch (tags.type(tag)) {
      case Tags.FREE -> {
        freeCount++;
        freeBytes += tags.size(tag);
        expect("free neighbours not joined", tag, 0, tags.type(before) == Tags.FREE ? 1 : 0);
      }
      case Tags.LIVE, Tags.CACHED -> {
        liveCount++;
        cachedCount += tags.type(tag) == Tags.CACHED ? 1 : 0;
        inUse += tags.size(tag);
        expect(
            "entry in the table of live segments", tag, tag, segments.live.find(tags.start(tag)));
      }
      default -> expect("type of a segment", tag, Tags.FREE, tags.type(tag));
    }
  }

  private void checkFreeLists() {
    long seen = 0;
    for (int list = 0; list < FreeLists.COUNT; list++) {
      int head = segments.free.first(list);
      long bit = (segments.free.map() >>> list) & 1;
      expect("bit of free list " + list, head, head == Tags.NONE ? 0 : 1, bit);
      int before = Tags.NONE;
      for (int tag = head; tag != Tags.NONE; tag = tags.kinNext(tag)) {
        expect("type on a free list", tag, Tags.FREE, tags.type(tag));
        expect("free list", tag, FreeLists.listOf(tags.size(tag)), list);
        expect("previous on a free list", tag, before, tags.kinPrevious(tag));
        before = tag;
        seen++;
      }
    }
    expect("number of segments on free lists", 0, freeCount, seen);
  }

  private void checkFigures() {
    expect("spans", 0, spans, segments.spans());
    expect("mem_total", 0, total, segments.total());
    expect("mem_import", 0, imported, segments.imported());
    expect("mem_inuse", 0, inUse, segments.inUse());
    expect("free bytes", 0, freeBytes, segments.freeBytes());
    expect("alloc less free", 0, liveCount, segments.allocations() - segments.frees());
    expect("live segments in the table", 0, liveCount, segments.live.count());
    expect("live segments in the chains", 0, liveCount, segments.live.recount());
    expect("cached segments", 0, cachedExpected, cachedCount);
    expect("tags in use", 0, members, tags.used());
    expect("tags held", 0, 0, tags.held());
  }

  private void checkSpansDisjoint() {
    int[] sorted = Walk.spansInOrder(tags);
    for (int i = 1; i < sorted.length; i++) {
      long lastBelow = tags.end(sorted[i - 1]) - 1;
      boolean apart = Numbers.below(lastBelow, tags.start(sorted[i]));
      expect("overlap of a span with the one below", sorted[i], 0, apart ? 0 : 1);
    }
  }

  private void expect(String what, int tag, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "arena %s: %s, tag %d at 0x%x: expected 0x%x, found 0x%x"
              .formatted(shape.name(), what, tag, tags.start(tag), expected, found));
    }
  }
}
