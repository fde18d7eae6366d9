package heap.dl;

import allocator.api.CorruptionException;
import hardware.api.Window;

/**
 * Recomputes everything a space keeps: every segment from end to end, every list, every tree, and
 * that the two views have the same free chunks. Modelled on the original's debug checks
 * (do_check_malloc_state and what it calls).
 */
final class Invariants {
  private final DlSpace space;
  private final Window w;
  private long facts;
  private long freeSeen; // free chunks met in segments, other than the designated victim
  private long binned; // chunks met in lists and trees
  private long freeHash; // sums of addresses, so that the two sets can be compared
  private long binnedHash;

  Invariants(DlSpace space) {
    this.space = space;
    this.w = space.window;
  }

  /** {@return how many facts were checked; throws at the first that does not hold} */
  long check() {
    if (space.top == 0) {
      require(space.growth.footprint == space.direct.bytes, "footprint without top", 0, 0);
      return facts;
    }
    for (int i = 0; i < SmallBins.COUNT; i++) {
      checkList(i);
    }
    for (int i = 0; i < TreeBins.COUNT; i++) {
      checkTree(i);
    }
    checkSegments();
    checkTop();
    checkVictim();
    equal("free chunks in segments and in bins", space.top, binned, freeSeen);
    equal("addresses of free chunks in segments and in bins", space.top, binnedHash, freeHash);
    return facts;
  }

  private void require(boolean holds, String what, long chunk, long value) {
    facts++;
    if (!holds) {
      throw new CorruptionException(
          "chunk 0x%x: %s does not hold (0x%x)".formatted(chunk, what, value));
    }
  }

  private void equal(String what, long chunk, long expected, long found) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "chunk 0x%x: %s: expected 0x%x, found 0x%x".formatted(chunk, what, expected, found));
    }
  }

  // --------------------------------------------------------------------------------------- bins

  private void checkList(int index) {
    boolean marked = (space.small.map & (1 << index)) != 0;
    long previous = 0;
    for (long c = space.small.first(index); c != 0; c = w.getLong(c + Chunk.FD)) {
      checkFree(c);
      equal("size for small bin " + index, c, SmallBins.size(index), Chunk.size(w, c));
      equal("bk in small bin " + index, c, previous, w.getLong(c + Chunk.BK));
      count(c);
      previous = c;
    }
    require(marked == (previous != 0), "mark of small bin " + index, previous, space.small.map);
  }

  private void checkTree(int index) {
    long root = space.trees.root(index);
    boolean marked = (space.trees.map & (1 << index)) != 0;
    require(marked == (root != 0), "mark of tree bin " + index, root, space.trees.map);
    if (root != 0) {
      checkNode(root, index, index + 1, 0, 0);
    }
  }

  /** Checks a node, its ring and what is below; all sizes below share the given bits with it. */
  private void checkNode(long node, int index, long parent, long bits, int depth) {
    long size = Chunk.size(w, node);
    equal("tree bin", node, index, TreeBins.index(size));
    equal("parent", node, parent, w.getLong(node + Chunk.PARENT));
    long key = size << TreeBins.shift(index);
    long shared = depth == 0 ? 0 : key >>> (64 - depth);
    equal("leading size bits at depth " + depth, node, bits, shared);
    checkRing(node, index, size);
    for (int side = 0; side < 2; side++) {
      long child = w.getLong(node + Chunk.CHILD + 8L * side);
      if (child != 0) {
        checkNode(child, index, node, bits << 1 | side, depth + 1);
      }
    }
  }

  private void checkRing(long node, int index, long size) {
    long c = node;
    do {
      checkFree(c);
      equal("size in a ring", c, size, Chunk.size(w, c));
      equal("bin number", c, index, w.getInt(c + Chunk.INDEX));
      equal("fd.bk", c, c, w.getLong(w.getLong(c + Chunk.FD) + Chunk.BK));
      require(c == node || w.getLong(c + Chunk.PARENT) == 0, "no parent within a ring", c, node);
      count(c);
      c = w.getLong(c + Chunk.FD);
    } while (c != node);
  }

  private void count(long chunk) {
    binned++;
    binnedHash += mix(chunk);
    require(chunk != space.victim && chunk != space.top, "not victim or top in a bin", chunk, 0);
  }

  private static long mix(long chunk) {
    long hash = chunk * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio
    return hash ^ (hash >>> 31);
  }

  private void checkFree(long chunk) {
    long size = Chunk.size(w, chunk);
    long next = chunk + size;
    require(space.segments.holding(chunk) != 0, "lies in a segment", chunk, size);
    require(!Chunk.inUse(w, chunk), "is free", chunk, Chunk.head(w, chunk));
    require(Chunk.previousInUse(w, chunk), "below a free chunk is one in use", chunk, size);
    require(!Chunk.previousInUse(w, next), "the chunk above knows", chunk, Chunk.head(w, next));
    require((Chunk.head(w, next) & Chunk.CINUSE) != 0, "above is one in use", chunk, next);
    equal("foot", chunk, size, w.getLong(next));
  }

  // ----------------------------------------------------------------------------------- segments

  private void checkSegments() {
    Segments segments = space.segments;
    long held = space.direct.bytes;
    for (long s = segments.first(); s != 0; s = segments.next(s)) {
      held += segments.size(s);
      checkSegment(s);
    }
    equal("footprint", space.top, held, space.growth.footprint);
    require(space.growth.footprint <= space.growth.peak, "peak", space.top, space.growth.peak);
    space.direct.chunks((chunk, span, attributes) -> {
      checkDirect(chunk, span);
      return true;
    });
  }

  private void checkSegment(long segment) {
    long base = space.segments.base(segment);
    require(Chunk.previousInUse(w, base), "P bit of a segment's first chunk", base, segment);
    equal("least address", base, 0, space.segments.outside(base) ? 1 : 0);
    if (segment != Segments.NEWEST) {
      checkEnd(segment);
    }
    long[] lastFree = {0};
    long end = segment == Segments.NEWEST ? space.top : segment - Chunk.MEM;
    new Inspect(space)
        .chunksOf(
            segment,
            end,
            (chunk, size, kind) -> {
              checkChunk(chunk, size, kind, lastFree[0] == chunk);
              lastFree[0] = kind == Inspect.FREE ? chunk + size : 0;
              return true;
            });
  }

  private void checkEnd(long segment) {
    long end = space.segments.end(segment);
    require(space.segments.holds(segment, segment), "record in its segment", segment, end);
    long head = Chunk.head(w, segment - Chunk.MEM) & ~Chunk.PINUSE;
    equal("record", segment, Chunk.RECORD | Chunk.CINUSE | Chunk.FLAG4, head);
    long fence = segment - Chunk.MEM + Chunk.RECORD;
    require(fence + 2 * Chunk.HEAD < end, "two fences", segment, fence);
    for (; fence + Chunk.HEAD < end; fence += 8) {
      equal("fence", fence, Chunk.FENCE, Chunk.head(w, fence));
    }
  }

  private void checkChunk(long chunk, long size, long kind, boolean belowFree) {
    equal("alignment", chunk, 0, (chunk | size) & (Chunk.ALIGN - 1));
    require(Chunk.previousInUse(w, chunk) != belowFree, "P bit", chunk, Chunk.head(w, chunk));
    if (kind == Inspect.USED) {
      require(Chunk.previousInUse(w, chunk + size), "the chunk above knows", chunk, size);
      if (space.settings.footers()) {
        equal("footer", chunk, space.footer, w.getLong(chunk + size));
      }
      return;
    }
    checkFree(chunk);
    if (chunk != space.victim) {
      freeSeen++;
      freeHash += mix(chunk);
    }
  }

  private void checkTop() {
    long segment = space.segments.holding(space.top);
    equal("top's segment", space.top, Segments.NEWEST, segment);
    long room = space.segments.end(segment) - space.top - Chunk.TOP_FOOT;
    equal("size of top", space.top, room, space.topSize);
    require(space.topSize > 0, "top is not empty", space.top, space.topSize);
    equal("head of top", space.top, space.topSize | Chunk.PINUSE, Chunk.head(w, space.top));
    equal("foot of top", space.top, Chunk.TOP_FOOT, Chunk.head(w, space.top + space.topSize));
  }

  private void checkVictim() {
    if (space.victimSize == 0) {
      equal("no victim", space.victim, 0, space.victim);
      return;
    }
    checkFree(space.victim);
    equal("size of the victim", space.victim, space.victimSize, Chunk.size(w, space.victim));
  }

  private void checkDirect(long chunk, long span) {
    long base = space.direct.base(chunk);
    long size = Chunk.size(w, chunk);
    require(Chunk.direct(w, chunk), "both in-use bits clear", chunk, Chunk.head(w, chunk));
    equal("distance from its span", chunk, chunk - base, w.getLong(chunk));
    equal("span", chunk, span, size + (chunk - base) + Chunk.DIRECT_FOOT);
    equal("fence", chunk, Chunk.FENCE, Chunk.head(w, chunk + size));
  }
}
