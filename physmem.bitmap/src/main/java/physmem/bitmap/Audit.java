package physmem.bitmap;

import allocator.api.CorruptionException;

/** Recomputes the count from the bits, and looks at every bit. For one run by one thread. */
final class Audit {
  private final FrameMap map;
  private final Stretches stretches;
  private long facts;

  Audit(FrameMap map) {
    this.map = map;
    this.stretches = map.stretches();
  }

  /**
   * {@return the number of facts checked}
   *
   * @throws CorruptionException if one does not hold
   */
  long run() {
    long free = 0;
    long behind = 0;
    for (int i = 0; i < stretches.count(); i++) {
      long from = stretches.firstBit(i);
      long to = stretches.endBit(i);
      checkGap(behind, from);
      free += map.free().cardinality(from, to);
      checkHeads(from, to);
      behind = to;
    }
    checkGap(behind, stretches.bits());
    expect("free frames", 0, free, map.freeFrames());
    return facts;
  }

  private void expect(String what, long place, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "%s 0x%x: expected %d, found %d".formatted(what, place, expected, found));
    }
  }

  // Bits that stand for no frame.
  private void checkGap(long from, long to) {
    expect("free bits between stretches, before bit", to, 0, map.free().cardinality(from, to));
    expect("heads between stretches, before bit", to, 0, map.heads().cardinality(from, to));
  }

  // A free frame is no head; the first live frame behind free ones is.
  private void checkHeads(long from, long to) {
    for (long at = from; at < to; ) {
      long freed = map.free().next(true, at, to);
      if (freed > at) {
        expect("head of frame", stretches.frameOf(at), 1, map.heads().get(at) ? 1 : 0);
      }
      at = map.free().next(false, freed, to);
      expect("heads of free frames, before bit", at, 0, map.heads().cardinality(freed, at));
    }
  }
}
