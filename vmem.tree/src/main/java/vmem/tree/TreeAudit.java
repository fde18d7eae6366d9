package vmem.tree;

import static vmem.tree.Areas.LEFT;
import static vmem.tree.Areas.NIL;
import static vmem.tree.Areas.RIGHT;

import allocator.api.CorruptionException;
import vmem.api.ArenaSpec;

/**
 * Recomputes an arena from its trees: that each is a red-black tree in order, that the largest
 * sizes are right, that free, live and lazy areas tile the spans and no two that could be joined
 * are left apart, and that all counts agree. The caller has the arena's lock; one object serves one
 * check.
 */
final class TreeAudit {
  private static final int DEEPEST = 64; // a tree of 2^28 areas is at most 56 deep

  private final ArenaSpec spec;
  private final Space space;
  private final Areas areas;
  private long facts;
  private long guards;
  private long liveBytes;
  private long freeBytes;
  private long lazyBytes;
  private long imported;

  TreeAudit(ArenaSpec spec, Space space) {
    this.spec = spec;
    this.space = space;
    this.areas = space.areas;
  }

  /**
   * Checks everything.
   *
   * @return the number of facts checked
   * @throws CorruptionException naming the first one that does not hold
   */
  long check() {
    checkTree("free", space.free, true);
    checkTree("live", space.live, false);
    checkTree("lazy", space.lazies.tree(), false);
    checkTree("spans", space.spans.tree(), false);
    checkTiling();
    checkFigures();
    return facts;
  }

  private void checkTree(String tree, AreaTree of, boolean augmented) {
    int root = of.root();
    expect(tree + ": parent of the root", root, NIL, areas.parent(root));
    expect(tree + ": red root", root, 0, bit(areas.isRed(root)));
    int[] count = {0};
    checkSubtree(tree, root, augmented, count, 0);
    expect(tree + ": count", root, count[0], of.count());
    long last = 0;
    int area = of.first();
    for (int i = 0; i < count[0]; i++) {
      boolean isBehind = i == 0 || Unsigned.below(last, areas.start(area));
      expect(tree + ": order", areas.start(area), 1, bit(isBehind));
      last = areas.last(area);
      area = of.next(area);
    }
    expect(tree + ": end of the order", last, NIL, area);
  }

  /** Checks a subtree; {@return the number of black areas on each way down, counting nobody} */
  private int checkSubtree(String tree, int area, boolean augmented, int[] count, int depth) {
    if (area == NIL) {
      return 1;
    }
    count[0]++;
    long start = areas.start(area);
    expect(tree + ": too deep", start, 1, bit(depth < DEEPEST));
    int[] blacks = new int[2];
    for (int side = LEFT; side <= RIGHT; side++) {
      int child = areas.child(area, side);
      expect(tree + ": parent", start, area, child == NIL ? area : areas.parent(child));
      boolean isRed = areas.isRed(area) && areas.isRed(child);
      expect(tree + ": red below red", start, 0, bit(isRed));
      blacks[side] = checkSubtree(tree, child, augmented, count, depth + 1);
    }
    expect(tree + ": black areas on the right", start, blacks[LEFT], blacks[RIGHT]);
    if (augmented) {
      expect(tree + ": largest size below", start, largest(area), areas.max(area));
    }
    return blacks[LEFT] + (areas.isRed(area) ? 0 : 1);
  }

  private long largest(int area) {
    long left = areas.max(areas.child(area, LEFT)); // has been checked already
    long right = areas.max(areas.child(area, RIGHT));
    return Unsigned.max(areas.size(area), Unsigned.max(left, right));
  }

  /** Walks through the spans and through the three trees at once. */
  private void checkTiling() {
    int free = space.free.first();
    int live = space.live.first();
    int lazy = space.lazies.tree().first();
    for (int span = space.spans.tree().first(); span != NIL; span = space.spans.tree().next(span)) {
      checkSpan(span);
      long at = areas.start(span);
      long end = at + areas.size(span);
      int before = NIL;
      while (at != end || before == NIL) {
        boolean isFree = begins(free, at);
        boolean isLazy = begins(lazy, at);
        expect(
            "area at the end of the one before", at, 1, bit(isFree || isLazy || begins(live, at)));
        int area = isFree ? free : isLazy ? lazy : live;
        boolean isApart = before != NIL && (isFree || isLazy) && before == kind(isFree);
        expect("two areas that could be joined", at, 0, bit(isApart));
        before = isFree || isLazy ? kind(isFree) : LIVE;
        long size = isFree || isLazy ? checkUnused(area, isFree) : checkLive(area);
        boolean fits = !Unsigned.below(end - 1 - at, size - 1);
        expect("area past the end of its span", at, 1, bit(fits));
        free = isFree ? space.free.next(free) : free;
        lazy = isLazy ? space.lazies.tree().next(lazy) : lazy;
        live = isFree || isLazy ? live : space.live.next(live);
        at += size;
      }
    }
    expect("free area outside of all spans", areas.start(free), NIL, free);
    expect("lazy area outside of all spans", areas.start(lazy), NIL, lazy);
    expect("live range outside of all spans", areas.start(live), NIL, live);
  }

  private static final int LIVE = 1;

  private static int kind(boolean isFree) {
    return isFree ? 2 : 3;
  }

  private boolean begins(int area, long at) {
    return area != NIL && areas.start(area) == at;
  }

  private void checkSpan(int span) {
    long base = areas.start(span);
    long size = areas.size(span);
    expect("span modulo the quantum", base, 0, off(base | size));
    expect("span of no size", base, 0, bit(size == 0));
    imported += areas.isImported(span) ? size : 0;
  }

  private long checkUnused(int area, boolean isFree) {
    long size = areas.size(area);
    expect("area modulo the quantum", areas.start(area), 0, off(size));
    expect("area of no size", areas.start(area), 0, bit(size == 0));
    freeBytes += isFree ? size : 0;
    lazyBytes += isFree ? 0 : size;
    return size;
  }

  private long checkLive(int range) {
    long size = areas.size(range);
    long whole = Unsigned.roundUp(size, spec.quantum());
    long guard = areas.max(range) - whole;
    expect("range of no size", areas.start(range), 0, bit(size == 0));
    expect("guard", areas.start(range), 1, bit(guard == 0 || guard == spec.quantum()));
    guards += guard;
    liveBytes += size;
    return whole + guard;
  }

  private void checkFigures() {
    Tally tally = space.tally;
    expect("mem_inuse", 0, liveBytes, tally.liveBytes);
    expect("free_bytes", 0, freeBytes, tally.freeBytes);
    expect("guard bytes", 0, guards, tally.guardBytes);
    expect("lazy bytes", 0, lazyBytes, space.lazies.bytes());
    expect("mem_import", 0, imported, space.spans.imported());
    expect("alloc less free", 0, space.live.count(), tally.allocations - tally.frees);
    long inTrees = space.free.count() + space.live.count() + space.lazies.tree().count();
    long others = space.spans.tree().count() + space.spans.departingCount();
    expect("areas in trees", 0, inTrees + others, areas.used());
  }

  private long off(long value) {
    return value & spec.quantum() - 1;
  }

  private static long bit(boolean value) {
    return value ? 1 : 0;
  }

  private void expect(String what, long place, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "arena %s: %s, at 0x%x: expected 0x%x, found 0x%x"
              .formatted(spec.name(), what, place, expected, found));
    }
  }
}
