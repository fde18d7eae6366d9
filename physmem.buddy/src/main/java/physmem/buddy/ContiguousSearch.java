package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.BLOCK_ORDER;
import static physmem.buddy.Geometry.NONE;

import physmem.api.FrameConstraints;

/**
 * Finds and takes frames by their place: a range that is named, or the lowest run that satisfies
 * constraints. Goes from free block to free block, not from frame to frame.
 *
 * <p>Every method is called with the locks of all zones held.
 */
final class ContiguousSearch {
  private final ZoneTable table;

  ContiguousSearch(ZoneTable table) {
    this.table = table;
  }

  /** {@return the first frame at or behind one that is not free, or the limit if there is none} */
  long firstNotFree(long from, long limit) {
    long at = from;
    while (at < limit) {
      int stretch = table.stretchOf(at);
      int order = stretch < 0 ? -1 : table.owner(stretch).free().orderHolding(at);
      if (order < 0) {
        return at;
      }
      at = (at & -(1L << order)) + (1L << order);
    }
    return limit;
  }

  /** Takes a range that is free out of the free lists. */
  void take(long from, long to) {
    for (long at = from; at < to; ) {
      FreeBlocks free = table.zoneOf(at).free();
      int order = free.orderHolding(at);
      long holder = at & -(1L << order);
      long end = Math.min(to, holder + (1L << order));
      free.carve(holder, order, at, end);
      at = end;
    }
  }

  /**
   * {@return the lowest free run in the best zone that has one, or else the lowest that goes across
   * zones, or NONE}
   */
  long bestRun(Zonelist list, long count, FrameConstraints where) {
    for (int place = 0; place < list.length(); place++) {
      Zone zone = list.zone(place);
      long low = Math.max(where.low(), zone.start());
      long high = Math.min(where.high(), zone.end());
      long found = lowestRun(count, low, high, where);
      if (found != NONE) {
        return found;
      }
    }
    return lowestRun(count, where.low(), Math.min(where.high(), list.end()), where);
  }

  /**
   * {@return the first frame of the lowest free run, or NONE}
   *
   * @param count its length
   * @param low the lowest first frame
   * @param high the frame behind the last one allowed
   * @param where alignment and boundary
   */
  long lowestRun(long count, long low, long high, FrameConstraints where) {
    long at = place(low, count, where);
    while (at >= 0 && at <= high - count) {
      long free = nextFree(at, high);
      if (free == NONE) {
        return NONE;
      }
      long begin = place(free, count, where);
      if (begin < 0 || begin > high - count) {
        return NONE;
      }
      long blocked = firstNotFree(begin, begin + count);
      if (blocked == begin + count) {
        return begin;
      }
      at = place(blocked, count, where);
    }
    return NONE;
  }

  /** {@return the lowest frame from one on with the right alignment that crosses no boundary} */
  private static long place(long from, long count, FrameConstraints where) {
    long at = Geometry.roundUp(from, where.align());
    long boundary = where.boundary();
    if (boundary == 0 || (at & -boundary) == ((at + count - 1) & -boundary)) {
      return at;
    }
    return count > boundary ? NONE : Geometry.roundUp(at, Math.max(boundary, where.align()));
  }

  private long nextFree(long from, long limit) {
    for (int stretch = 0; stretch < table.stretches(); stretch++) {
      long begin = Math.max(from, table.startOf(stretch));
      long end = Math.min(limit, table.endOf(stretch));
      long found = begin < end ? nextFree(table.owner(stretch).free(), begin, end) : NONE;
      if (found != NONE) {
        return found;
      }
    }
    return NONE;
  }

  /** {@return the first free frame at or behind a frame and before a limit, or NONE} */
  private static long nextFree(FreeBlocks free, long from, long limit) {
    if (free.orderHolding(from) >= 0) {
      return from;
    }
    PageblockTable table = free.table();
    long found = nextIn(table, table.indexOf(from), from);
    for (int block = table.indexOf(from) + 1; found == NONE; block++) {
      if (block >= table.blocks() || table.frameOf(block) >= limit) {
        return NONE;
      }
      found = nextIn(table, block, table.frameOf(block));
    }
    return found < limit ? found : NONE;
  }

  private static long nextIn(PageblockTable table, int block, long from) {
    int mark = table.mark(block);
    if ((mark & (PageblockTable.FREE9 | PageblockTable.FREE10)) != 0) {
      return from == table.frameOf(block) ? from : NONE;
    }
    return (mark & PageblockTable.BUSY) == 0 ? NONE : lowestIn(table, block, from);
  }

  private static long lowestIn(PageblockTable table, int block, long from) {
    long lowest = Long.MAX_VALUE;
    int skip = (int) (from & (BLOCK_FRAMES - 1));
    for (int order = 0; order < BLOCK_ORDER; order++) {
      if (table.count(block, order) != 0) {
        long frame = table.firstFrom(block, order, (skip + (1 << order) - 1) >>> order);
        lowest = frame == NONE ? lowest : Math.min(lowest, frame);
      }
    }
    return lowest == Long.MAX_VALUE ? NONE : lowest;
  }
}
