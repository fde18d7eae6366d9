package physmem.llfree;

import static physmem.llfree.Layout.FOREIGN;
import static physmem.llfree.Layout.HEAD;
import static physmem.llfree.Layout.INNER;
import static physmem.llfree.Layout.NONE;

import java.util.List;
import physmem.api.FrameConstraints;

/**
 * Allocates ranges by their place, in pieces of one child each, and undoes what it took when one
 * piece is not to be had. Works in frames; a range may go across trees and zones. Safe for use by
 * several threads.
 */
final class Ranges {
  private final RamMap map;
  private final Upper upper;
  private final Pieces pieces;
  private final Frees frees;

  Ranges(RamMap map, Upper upper, Lower lower, Frees frees) {
    this.map = map;
    this.upper = upper;
    this.pieces = new Pieces(lower.words(), lower.children());
    this.frees = frees;
  }

  /** {@return whether all frames were free and are one live range now} */
  boolean takeAt(int cpu, long from, long to) {
    if (firstNotFree(from, to) != to) {
      return false;
    }
    int stretch = map.stretchOf(from);
    long slot = from + map.shiftOf(stretch);
    boolean atOnce = to <= map.endOf(stretch) && Pieces.isAtOnce(slot, slot + to - from);
    for (long at = from; at < to; ) {
      long end = takePiece(at, to, at > from ? INNER : atOnce ? HEAD : FOREIGN);
      if (end == NONE) {
        frees.givePending(cpu, from, at);
        return false;
      }
      at = end;
    }
    if (!atOnce) {
      pieces.settle(slot);
    }
    return true;
  }

  /** {@return the end of the piece that is allocated now, or NONE} */
  private long takePiece(long from, long limit, int first) {
    int stretch = map.stretchOf(from);
    long shift = map.shiftOf(stretch);
    long slot = from + shift;
    long end = Pieces.pieceEnd(slot, Math.min(limit, map.endOf(stretch)) + shift);
    int tree = (int) (slot / map.treeFrames());
    int count = (int) (end - slot);
    if (!upper.takeNamed(map.zoneOf(stretch), tree, count)) {
      return NONE;
    }
    if (!pieces.take(slot, end, first)) {
      upper.giveToTree(tree, count);
      return NONE;
    }
    return end - shift;
  }

  /** {@return the first frame at or behind one that is not free, or the limit} */
  long firstNotFree(long from, long limit) {
    for (long at = from; at < limit; ) {
      int stretch = map.stretchOf(at);
      if (stretch < 0) {
        return at;
      }
      long shift = map.shiftOf(stretch);
      long end = Math.min(limit, map.endOf(stretch));
      long found = pieces.firstNotFree(at + shift, end + shift) - shift;
      if (found != end) {
        return found;
      }
      at = end;
    }
    return limit;
  }

  /** {@return the first free frame at or behind one and before a limit, or NONE} */
  private long firstFree(long from, long limit) {
    for (int stretch = map.stretchFrom(from); stretch < map.stretches(); stretch++) {
      long shift = map.shiftOf(stretch);
      long begin = Math.max(from, map.startOf(stretch));
      long end = Math.min(limit, map.endOf(stretch));
      long found = begin < end ? pieces.firstFree(begin + shift, end + shift) - shift : end;
      if (found < end) {
        return found;
      }
    }
    return NONE;
  }

  /**
   * Allocates the lowest run in the best zone that has one, or else the lowest that goes across
   * zones.
   *
   * @param list indices of zones, best first
   * @return the first frame, or NONE
   */
  long takeRun(int cpu, int[] list, long count, FrameConstraints where) {
    List<Zone> zones = map.zones();
    long limit = 0;
    for (int zone : list) {
      Zone each = zones.get(zone);
      limit = Math.max(limit, each.end());
      long low = Math.max(where.low(), each.start());
      long found = takeLowest(cpu, count, low, Math.min(where.high(), each.end()), where);
      if (found != NONE) {
        return found;
      }
    }
    return takeLowest(cpu, count, where.low(), Math.min(where.high(), limit), where);
  }

  private long takeLowest(int cpu, long count, long low, long high, FrameConstraints where) {
    long at = place(low, count, where);
    while (at >= 0 && at <= high - count) {
      long free = firstFree(at, high);
      long begin = free == NONE ? NONE : place(free, count, where);
      if (begin < 0 || begin > high - count) {
        return NONE;
      }
      long blocked = firstNotFree(begin, begin + count);
      if (blocked != begin + count) {
        at = place(blocked, count, where);
      } else if (takeAt(cpu, begin, begin + count)) {
        return begin;
      } else {
        at = place(begin + 1, count, where); // somebody was faster
      }
    }
    return NONE;
  }

  /** {@return the lowest frame from one on with the right alignment that crosses no boundary} */
  private static long place(long from, long count, FrameConstraints where) {
    long at = Layout.roundUp(from, where.align());
    long boundary = where.boundary();
    if (boundary == 0 || (at & -boundary) == (at + count - 1 & -boundary)) {
      return at;
    }
    return count > boundary ? NONE : Layout.roundUp(at, Math.max(boundary, where.align()));
  }
}
