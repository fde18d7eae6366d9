package vmem.tree;

import static vmem.tree.Areas.LEFT;
import static vmem.tree.Areas.NIL;
import static vmem.tree.Areas.RIGHT;

import vmem.api.AddressArena;
import vmem.api.AddressConstraints;

/**
 * Finds the place for a range in the tree of free areas. Three ways: the kernel's, which knows
 * alignment and limits; and two exact ones, from below and from above, for what the kernel's cannot
 * express or does not find. Guarded by the arena's lock.
 */
final class FreeSearch {
  private static final long NONE = AddressArena.NONE;

  private final Areas areas;
  private final AreaTree free;
  private final long quantum;
  private final long guard;
  private long base;

  FreeSearch(Areas areas, AreaTree free, long quantum, long guard) {
    this.areas = areas;
    this.free = free;
    this.quantum = quantum;
    this.guard = guard;
  }

  /** {@return where the search that succeeded last has put the range} */
  long base() {
    return base;
  }

  /** {@return whether the kernel's search knows all that a request asks for} */
  static boolean isPlain(AddressConstraints where) {
    return (where.phase() | where.nocross()) == 0;
  }

  /**
   * Searches as the kernel does. For an alignment above the quantum it looks for areas that are
   * certain to have an aligned place, and takes others only if it meets them on the way; so it may
   * pass a lower one by, and find none where there is one.
   *
   * @param extent whole quanta and guard
   * @return the area, or nobody
   */
  int kernel(long size, long extent, AddressConstraints where, long min) {
    long align = Placement.align(where, quantum);
    boolean isExact = align == quantum || where.max() - min == size;
    long length = isExact ? extent : extent + align - 1;
    if (Unsigned.below(length, extent)) {
      return NIL;
    }
    int area = lowestMatch(extent, length, align, min);
    if (area == NIL) {
      return NIL;
    }
    base = alignedIn(area, align, min);
    boolean isAbove = Unsigned.below(where.max() - 1, base + size - 1);
    return isAbove ? NIL : area;
  }

  private int lowestMatch(long extent, long length, long align, long min) {
    long low = min;
    int area = free.root();
    while (area != NIL) {
      if (has(areas.child(area, LEFT), length) && Unsigned.below(low, areas.start(area))) {
        area = areas.child(area, LEFT);
      } else if (isWithin(area, extent, align, low)) {
        return area;
      } else if (has(areas.child(area, RIGHT), length)) {
        area = areas.child(area, RIGHT);
      } else {
        area = back(area, extent, length, align, low);
        if (area == NIL || isWithin(area, extent, align, low)) {
          return area;
        }
        low = areas.start(area) + 1; // so that the same subtree is not entered again
        area = areas.child(area, RIGHT);
      }
    }
    return NIL;
  }

  /** {@return the nearest area upward that will do, or has not been looked to the right of} */
  private int back(int from, long extent, long length, long align, long low) {
    int area = areas.parent(from);
    while (area != NIL
        && !isWithin(area, extent, align, low)
        && !(has(areas.child(area, RIGHT), length) && !Unsigned.below(areas.start(area), low))) {
      area = areas.parent(area);
    }
    return area;
  }

  private boolean has(int top, long length) {
    return !Unsigned.below(areas.max(top), length);
  }

  private boolean isWithin(int area, long extent, long align, long low) {
    long at = alignedIn(area, align, low);
    long last = areas.last(area);
    return !Unsigned.below(at, Unsigned.max(areas.start(area), low))
        && !Unsigned.below(last, at)
        && !Unsigned.below(last - at, extent - 1);
  }

  private long alignedIn(int area, long align, long low) {
    return Unsigned.roundUp(Unsigned.max(areas.start(area), low), align);
  }

  /**
   * Looks at every area that is long enough, from below, until one has a place.
   *
   * @return the area with the lowest place, or nobody
   */
  int lowest(long size, long extent, AddressConstraints where, long min) {
    AddressConstraints bounded = within(where, min, where.max());
    int area = free.lowestFrom(min, extent);
    while (area != NIL && !Unsigned.below(where.max() - 1, areas.start(area))) {
      base = Placement.lowest(areas.start(area), usable(area), size, bounded, quantum);
      if (base != NONE) {
        return area;
      }
      area = free.beyond(area, extent, RIGHT);
    }
    return NIL;
  }

  /**
   * Looks at every area that is long enough, from above, until one has a place.
   *
   * @return the area with the highest place, or nobody
   */
  int highest(long size, long extent, AddressConstraints where, long max) {
    AddressConstraints bounded = within(where, where.min(), max);
    int area = free.highestTo(max - 1, extent);
    while (area != NIL && !Unsigned.below(areas.last(area), where.min())) {
      base = Placement.highest(areas.start(area), usable(area), size, bounded, quantum);
      if (base != NONE) {
        return area;
      }
      area = free.beyond(area, extent, LEFT);
    }
    return NIL;
  }

  private static AddressConstraints within(AddressConstraints where, long min, long max) {
    boolean isSame = min == where.min() && max == where.max();
    return isSame
        ? where
        : new AddressConstraints(where.align(), where.phase(), where.nocross(), min, max);
  }

  /** {@return the last address that a range may have, so that its guard lies in the area} */
  private long usable(int area) {
    return areas.last(area) - guard;
  }
}
