package heap.tlsf;

import allocator.api.CorruptionException;

/** Recomputes from the memory what the lists, bitmaps and counters say. */
final class Invariants {
  private final Space space;
  private final Tags tags;
  private long facts;
  private long freeBlocks;
  private long freeBytes;
  private long liveBlocks;
  private long liveBytes;
  private long empty;

  private Invariants(Space space) {
    this.space = space;
    this.tags = space.tags;
  }

  /** {@return how many facts hold} */
  static long check(Space space) {
    Invariants check = new Invariants(space);
    check.pools();
    check.lists();
    check.totals();
    return check.facts;
  }

  private void require(boolean holds, String what, long place, Object expected, Object found) {
    facts++;
    if (!holds) {
      throw new CorruptionException(
          "%s at 0x%x: expected %s, found %s".formatted(what, place, expected, found));
    }
  }

  private void equal(String what, long place, long expected, long found) {
    require(expected == found, what, place, expected, found);
  }

  // --------------------------------------------------------------------------------------- pools

  private void pools() {
    Pools pools = space.pools;
    long sum = 0;
    for (int i = 0; i < pools.count(); i++) {
      boolean apart = i == 0 || Long.compareUnsigned(pools.end(i - 1), pools.start(i)) <= 0;
      require(apart, "pools in order", pools.start(i), "behind the one before", "overlap");
      pool(pools.start(i), pools.end(i));
      sum += pools.end(i) - pools.start(i);
    }
    equal("footprint", 0, sum, pools.footprint);
    require(pools.peak >= sum, "peak footprint", 0, "at least " + sum, pools.peak);
    equal("bytes of empty pools", 0, empty, pools.empty);
  }

  private void pool(long start, long end) {
    long last = end - Tags.OVERHEAD;
    long at = start + Tags.OVERHEAD;
    long below = 0; // size of the free block in front
    while (at != last) {
      long tag = tags.read(at);
      block(at, tag, below, at == start + Tags.OVERHEAD, last);
      below = (tag & Tags.FREE) != 0 ? Tags.size(tag) : 0;
      at += Tags.size(tag);
    }
    long tag = tags.read(last);
    equal("tag at a pool's end", last, Tags.LAST | (below != 0 ? Tags.PREVIOUS_FREE : 0), tag);
    empty += below == last - start - Tags.OVERHEAD ? end - start : 0;
  }

  private void block(long at, long tag, long below, boolean first, long last) {
    long size = Tags.size(tag);
    boolean fits = size >= Tags.LEAST && size <= last - at;
    require(fits, "block size", at, "32 to " + (last - at), size);
    require(first == ((tag & Tags.FIRST) != 0), "mark of a pool's first block", at, first, !first);
    boolean free = (tag & Tags.FREE) != 0;
    boolean marked = (tag & Tags.PREVIOUS_FREE) != 0;
    require(marked == (below != 0), "mark that the one in front is free", at, !marked, marked);
    require(!free || below == 0, "free neighbours", at, "merged", "two");
    if (free) {
      equal("foot of a free block", at, at, tags.below(at + size));
      freeBlocks++;
      freeBytes += size;
    } else {
      liveBlocks++;
      liveBytes += size;
    }
  }

  // --------------------------------------------------------------------------------------- lists

  private void lists() {
    FreeLists lists = space.lists;
    long listed = 0;
    for (int list = 0; list < lists.heads.length; list++) {
      int row = list / space.mapping.columns;
      boolean marked = (lists.columns[row] >>> (list % space.mapping.columns) & 1) != 0;
      boolean held = lists.heads[list] != 0;
      require(held == marked, "bit of list " + list, 0, held, marked);
      listed += list(list);
    }
    for (int row = 0; row < lists.columns.length; row++) {
      boolean marked = (lists.rows >>> row & 1) != 0;
      require(marked == (lists.columns[row] != 0), "bit of row " + row, 0, !marked, marked);
    }
    equal("blocks in the lists", 0, freeBlocks, listed);
  }

  private long list(int list) {
    long count = 0;
    long before = 0;
    for (long at = space.lists.heads[list]; at != 0; at = tags.next(at)) {
      boolean inside = space.pools.holding(at) >= 0;
      require(inside, "member of list " + list, at, "inside of a pool", "outside");
      long tag = tags.read(at);
      require((tag & Tags.FREE) != 0, "member of list " + list, at, "free", "live");
      equal("list of a free block", at, space.mapping.insert(Tags.size(tag)), list);
      equal("link back", at, before, tags.previous(at));
      count++;
      require(count <= freeBlocks, "length of list " + list, at, "<= " + freeBlocks, count);
      before = at;
    }
    equal("count of list " + list, 0, count, space.lists.counts[list]);
    return count;
  }

  private void totals() {
    equal("free blocks", 0, freeBlocks, space.lists.blocks);
    equal("free bytes", 0, freeBytes, space.lists.bytes);
    equal("live blocks", 0, liveBlocks, space.liveBlocks);
    equal("live bytes", 0, liveBytes, space.liveBytes);
  }
}
