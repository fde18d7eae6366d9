package vmem.tree;

import static vmem.tree.Areas.LEFT;
import static vmem.tree.Areas.NIL;
import static vmem.tree.Areas.RIGHT;

/**
 * Areas in rising order of address. {@link RedBlackTree} keeps the balance; here is what callers
 * ask: neighbours, and in an augmented tree the nearest area that is large enough. All of it takes
 * time logarithmic in the number of areas.
 */
final class AreaTree extends RedBlackTree {
  /**
   * Makes an empty tree.
   *
   * @param augmented whether each area knows the largest size below it
   */
  AreaTree(Areas areas, boolean augmented) {
    super(areas, augmented);
  }

  /** {@return the area that begins at an address, or nobody} */
  int find(long start) {
    int area = under(start);
    return area != NIL && areas.start(area) == start ? area : NIL;
  }

  /** {@return the highest area that begins at or below an address, or nobody} */
  int under(long address) {
    int best = NIL;
    for (int area = root(); area != NIL; ) {
      boolean isAbove = Unsigned.below(address, areas.start(area));
      best = isAbove ? best : area;
      area = areas.child(area, isAbove ? LEFT : RIGHT);
    }
    return best;
  }

  /** {@return the lowest area, or nobody} */
  int first() {
    return root() == NIL ? NIL : end(root(), LEFT);
  }

  private int end(int top, int side) {
    int area = top;
    while (areas.child(area, side) != NIL) {
      area = areas.child(area, side);
    }
    return area;
  }

  /** {@return the next area above, or nobody} */
  int next(int area) {
    return neighbour(area, RIGHT);
  }

  /** {@return the area behind another one, the first if that is nobody; or nobody} */
  int behind(int below) {
    return below == NIL ? first() : next(below);
  }

  private int neighbour(int area, int side) {
    if (areas.child(area, side) != NIL) {
      return end(areas.child(area, side), 1 - side);
    }
    int child = area;
    int parent = areas.parent(area);
    while (parent != NIL && areas.child(parent, side) == child) {
      child = parent;
      parent = areas.parent(parent);
    }
    return parent;
  }

  /** Adds an area wherever it belongs. */
  void insert(int area) {
    int below = under(areas.start(area));
    insertBetween(
        area, below, below == NIL || areas.child(below, RIGHT) != NIL ? behind(below) : NIL);
  }

  /** Adds an area right below another. */
  void insertBelow(int area, int above) {
    if (areas.child(above, LEFT) == NIL) {
      link(area, above, LEFT);
    } else {
      link(area, neighbour(above, LEFT), RIGHT);
    }
  }

  /**
   * Adds an area between two that are neighbours, of which one or both may be nobody; the one above
   * is not looked at if the one below has no right child.
   */
  void insertBetween(int area, int below, int above) {
    if (below != NIL && areas.child(below, RIGHT) == NIL) {
      link(area, below, RIGHT);
    } else {
      link(area, above, LEFT);
    }
  }

  /**
   * Adds an area between two neighbours, or, if it is there already, notes that it has grown.
   *
   * @param isNew whether it is to be added
   */
  void place(int area, boolean isNew, int below, int above) {
    if (isNew) {
      insertBetween(area, below, above);
    } else {
      resized(area);
    }
  }

  // Only in an augmented tree does what follows have a meaning.

  /** {@return the largest size} */
  long largest() {
    return areas.max(root());
  }

  /** {@return the lowest area of a size that has an address at or above one; or a lower one} */
  int lowestFrom(long address, long size) {
    int area = under(address);
    if (area == NIL) {
      return outermost(root(), size, LEFT);
    }
    return Unsigned.below(areas.size(area), size) ? beyond(area, size, RIGHT) : area;
  }

  /** {@return the highest area of a size that begins at or below an address, or nobody} */
  int highestTo(long address, long size) {
    int area = under(address);
    if (area == NIL) {
      return NIL;
    }
    return Unsigned.below(areas.size(area), size) ? beyond(area, size, LEFT) : area;
  }

  /** {@return the nearest area on a side that has a size, or nobody} */
  int beyond(int from, long size, int side) {
    int found = outermost(areas.child(from, side), size, 1 - side);
    int child = from;
    for (int up = areas.parent(from); found == NIL && up != NIL; up = areas.parent(up)) {
      if (areas.child(up, 1 - side) == child) {
        found =
            Unsigned.below(areas.size(up), size)
                ? outermost(areas.child(up, side), size, 1 - side)
                : up;
      }
      child = up;
    }
    return found;
  }

  /** {@return the area of a subtree that has a size and is the outermost on a side, or nobody} */
  private int outermost(int top, long size, int side) {
    if (top == NIL || Unsigned.below(areas.max(top), size)) {
      return NIL;
    }
    int area = top;
    while (true) {
      int outer = areas.child(area, side);
      if (outer != NIL && !Unsigned.below(areas.max(outer), size)) {
        area = outer;
      } else if (!Unsigned.below(areas.size(area), size)) {
        return area;
      } else {
        area = areas.child(area, 1 - side);
      }
    }
  }
}
