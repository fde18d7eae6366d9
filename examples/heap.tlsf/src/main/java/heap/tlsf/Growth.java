package heap.tlsf;

import allocator.api.AllocatorException;
import heap.api.BackedSpans;

/**
 * Pools from below and back. A pool begins with a word that is not used and ends with a tag of size
 * 0, so the blocks between them are multiples of 16 long and no merge runs over an end.
 */
final class Growth {
  /**
   * Where pools come from and when they go back.
   *
   * @param spans the tier below
   * @param unit the least growth in bytes
   * @param emptyKeep bytes of wholly free pools besides which a free gives another back
   */
  record Source(BackedSpans spans, long unit, long emptyKeep) {}

  private static final long ENDS = 2 * Tags.OVERHEAD;

  private final Space space;
  private final BackedSpans spans;
  private final long unit;
  private final long emptyKeep;
  private final long page;
  private long growing; // start of the pool that grew last; 0 for none

  /** The most bytes to hold. */
  volatile long limit = Long.MAX_VALUE;

  /** Growths in place and by new pools. */
  long extended;

  long opened;

  /** Releases, and those that the tier below did not take. */
  long released;

  long releaseFailures;

  Growth(Space space, Source source) {
    this.space = space;
    this.spans = source.spans();
    this.unit = source.unit();
    this.emptyKeep = source.emptyKeep();
    this.page = spans.pageBytes();
  }

  private long pages(long bytes) {
    return (bytes + page - 1) & -page;
  }

  // ---------------------------------------------------------------------------------------- grow

  /** {@return the tag of a free block of at least that size in memory that came now, or 0} */
  long grow(long size) {
    int pool = growing == 0 ? -1 : space.pools.holding(growing);
    long at = pool < 0 ? 0 : extend(pool, size);
    return at != 0 ? at : open(size);
  }

  private boolean admits(long bytes) {
    return bytes <= limit - space.pools.footprint;
  }

  private long extend(int pool, long size) {
    long last = space.pools.end(pool) - Tags.OVERHEAD;
    long tag = space.tags.read(last);
    long tail = (tag & Tags.PREVIOUS_FREE) != 0 ? space.checkBelow(last) : 0;
    if (tail >= size) {
      return last - tail; // not the first of its list, so the search did not see it
    }
    long most = ((space.mapping.limit - 1) & -page) - (last - space.pools.start(pool)) - page;
    long need = pages(size - tail);
    if (need > most) {
      return 0;
    }
    long wish = Math.min(Math.max(need, unit), most & -page);
    if (take(last + Tags.OVERHEAD, wish)) {
      return append(pool, last, tag, wish);
    }
    return need < wish && take(last + Tags.OVERHEAD, need) ? append(pool, last, tag, need) : 0;
  }

  private boolean take(long end, long bytes) {
    return admits(bytes) && spans.extend(end, bytes);
  }

  private long append(int pool, long last, long tag, long bytes) {
    space.tags.write(last + bytes, Tags.LAST);
    space.pools.end(pool, last + bytes + Tags.OVERHEAD);
    extended++;
    if ((tag & Tags.PREVIOUS_FREE) != 0) {
      leaveEmpty(space.tags.below(last), last);
    }
    return space.liberate(last, bytes, tag & Tags.PREVIOUS_FREE);
  }

  /* If the pool was one free block up to that end, it is counted anew when it is longer. */
  private void leaveEmpty(long at, long last) {
    if ((space.tags.read(at) & Tags.FIRST) != 0) {
      space.pools.empty -= last - at + ENDS;
    }
  }

  private long open(long size) {
    long need = pages(size + ENDS);
    long wish = Math.max(need, unit);
    if (need >= space.mapping.limit) {
      return 0;
    }
    long start = admits(wish) ? spans.allocate(wish, page) : BackedSpans.NONE;
    if (start != BackedSpans.NONE) {
      return lay(start, wish);
    }
    start = need < wish && admits(need) ? spans.allocate(need, page) : BackedSpans.NONE;
    return start == BackedSpans.NONE ? 0 : lay(start, need);
  }

  private long lay(long start, long bytes) {
    long last = start + bytes - Tags.OVERHEAD;
    space.tags.write(last, Tags.LAST);
    space.pools.add(start, start + bytes);
    growing = start;
    opened++;
    return space.liberate(start + Tags.OVERHEAD, bytes - ENDS, Tags.FIRST);
  }

  // ----------------------------------------------------------------------------------- give back

  /** After a free: gives a pool back that is all free, if others of enough bytes are too. */
  void freed(long at) {
    if (space.pools.empty <= emptyKeep) {
      return;
    }
    long tag = space.tags.read(at);
    boolean last = (space.tags.read(at + Tags.size(tag)) & Tags.LAST) != 0;
    boolean whole = (tag & Tags.FIRST) != 0 && last;
    if (whole && space.pools.empty - (Tags.size(tag) + ENDS) >= emptyKeep) {
      try {
        close(space.pools.holding(at));
      } catch (AllocatorException e) {
        releaseFailures++; // the block is free; the memory goes back with a later free or trim
      }
    }
  }

  /**
   * Gives back what is free at the ends of pools, and pools that are all free.
   *
   * @param keep free bytes to keep
   * @return bytes given back
   */
  long trim(long keep) {
    long before = space.pools.footprint;
    for (int pool = space.pools.count() - 1; pool >= 0; pool--) {
      long spare = space.lists.bytes - keep;
      if (spare >= page) {
        trim(pool, spare);
      }
    }
    return before - space.pools.footprint;
  }

  private void trim(int pool, long spare) {
    long last = space.pools.end(pool) - Tags.OVERHEAD;
    long tag = space.tags.read(last);
    if ((tag & Tags.PREVIOUS_FREE) == 0) {
      return;
    }
    long size = space.checkBelow(last);
    boolean whole = (space.tags.read(last - size) & Tags.FIRST) != 0;
    if (whole && spare >= size) {
      close(pool);
    } else {
      cut(pool, last - size, Math.min(spare, size - Tags.LEAST) & -page);
    }
  }

  /* A pool goes below first and is forgotten then: if below refuses, its block is free as before. */
  private void close(int pool) {
    long start = space.pools.start(pool);
    long end = space.pools.end(pool);
    long at = start + Tags.OVERHEAD;
    long size = end - start - ENDS;
    space.lists.check(at, size);
    space.lists.remove(at, size);
    try {
      spans.release(start, end - start);
    } catch (RuntimeException e) {
      space.lists.insert(at, size);
      throw e;
    }
    space.pools.remove(pool);
    space.pools.empty -= end - start;
    growing = growing == start ? 0 : growing;
    released++;
  }

  /* Shortens the free block at a pool's end, and gives back the pages behind the new end. */
  private void cut(int pool, long at, long bytes) {
    if (bytes == 0) {
      return;
    }
    long end = space.pools.end(pool);
    spans.release(end - bytes, bytes);
    long tag = space.tags.read(at);
    long size = Tags.size(tag);
    boolean whole = (tag & Tags.FIRST) != 0;
    space.lists.remove(at, size);
    space.pools.end(pool, end - bytes);
    space.pools.empty -= whole ? size + ENDS : 0;
    space.tags.write(end - bytes - Tags.OVERHEAD, Tags.LAST);
    space.liberate(at, size - bytes, tag & Tags.FIRST);
    released++;
  }
}
