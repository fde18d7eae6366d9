package vmem.tree;

import static vmem.tree.Areas.LEFT;
import static vmem.tree.Areas.NIL;
import static vmem.tree.Areas.RIGHT;

/**
 * The balance of a tree of areas. Which way it is restored decides the shape, and on the shape
 * depends which of several aligned places the kernel's search finds; so insertion and removal make
 * the same rotations and colours as the kernel's library does, which are those of Cormen and
 * others.
 *
 * <p>In an augmented tree each area's last word is the largest size in its subtree.
 */
class RedBlackTree {
  /** Where the areas are. */
  final Areas areas;

  private final boolean augmented;
  private int root = NIL;
  private int count;

  RedBlackTree(Areas areas, boolean augmented) {
    this.areas = areas;
    this.augmented = augmented;
  }

  /** {@return the root, or nobody} */
  final int root() {
    return root;
  }

  /** {@return the number of areas} */
  final int count() {
    return count;
  }

  /** Forgets all areas at once. */
  final void clear() {
    root = NIL;
    count = 0;
  }

  /** Adds an area as the child of one that has none on that side; of nobody in an empty tree. */
  final void link(int area, int parent, int side) {
    areas.setLeaf(area, parent);
    adopt(area, parent, side);
    count++;
    if (augmented) {
      areas.setMax(area, areas.size(area));
      raise(area);
    }
    balanceRed(area);
  }

  private void adopt(int child, int parent, int side) {
    if (parent == NIL) {
      root = child;
    } else {
      areas.setChild(parent, side, child);
    }
  }

  private void raise(int from) {
    long size = areas.max(from);
    int up = areas.parent(from);
    while (up != NIL && Unsigned.below(areas.max(up), size)) {
      areas.setMax(up, size);
      up = areas.parent(up);
    }
  }

  /** Restores the balance after an area has become red. */
  private void balanceRed(int from) {
    int area = from;
    while (areas.isRed(areas.parent(area))) {
      int parent = areas.parent(area);
      int above = areas.parent(parent);
      int side = sideOf(parent, above);
      int uncle = areas.child(above, 1 - side);
      if (!areas.isRed(uncle)) {
        lift(area, parent, above, side);
        return;
      }
      areas.setRed(parent, false);
      areas.setRed(uncle, false);
      areas.setRed(above, true);
      area = above;
    }
    areas.setRed(root, false);
  }

  /** Makes a red area and its red parent the two sides of a black one. */
  private void lift(int area, int parent, int above, int side) {
    int middle = parent;
    if (sideOf(area, parent) != side) {
      rotate(parent, side);
      middle = area;
    }
    areas.setRed(middle, false);
    areas.setRed(above, true);
    rotate(above, 1 - side);
  }

  private int sideOf(int child, int parent) {
    return areas.child(parent, LEFT) == child ? LEFT : RIGHT;
  }

  /** Moves an area down to a side, and its child of the other side into its place. */
  private void rotate(int area, int side) {
    int riser = areas.child(area, 1 - side);
    int moved = areas.child(riser, side);
    replace(area, riser);
    areas.setChild(area, 1 - side, moved);
    if (moved != NIL) {
      areas.setParent(moved, area);
    }
    areas.setChild(riser, side, area);
    areas.setParent(area, riser);
    if (augmented) {
      areas.setMax(riser, areas.max(area));
      areas.setMax(area, largestBelow(area));
    }
  }

  /** Puts another, possibly nobody, in an area's place below its parent. */
  private void replace(int area, int other) {
    int parent = areas.parent(area);
    adopt(other, parent, parent == NIL ? LEFT : sideOf(area, parent));
    if (other != NIL) {
      areas.setParent(other, parent);
    }
  }

  /** {@return the largest size of an area and those below it, from what its children know} */
  final long largestBelow(int area) {
    long below =
        Unsigned.max(areas.max(areas.child(area, LEFT)), areas.max(areas.child(area, RIGHT)));
    return Unsigned.max(areas.size(area), below);
  }

  /** Works the largest sizes out anew after an area's size has changed. */
  final void resized(int from) {
    int area = augmented ? from : NIL;
    while (area != NIL) {
      long largest = largestBelow(area);
      boolean isSame = areas.max(area) == largest;
      areas.setMax(area, largest);
      area = isSame ? NIL : areas.parent(area);
    }
  }

  /** Takes an area out. */
  final void remove(int area) {
    int left = areas.child(area, LEFT);
    int right = areas.child(area, RIGHT);
    count--;
    if (left == NIL || right == NIL) {
      int parent = areas.parent(area);
      int child = left == NIL ? right : left;
      replace(area, child);
      settle(child, parent, areas.isRed(area));
    } else {
      removeInner(area, left, right);
    }
  }

  /** Takes an area with two children out: the next above takes its place and colour. */
  private void removeInner(int area, int left, int right) {
    int heir = right;
    while (areas.child(heir, LEFT) != NIL) {
      heir = areas.child(heir, LEFT);
    }
    int orphan = areas.child(heir, RIGHT);
    int parent = areas.parent(heir) == area ? heir : areas.parent(heir);
    boolean wasRed = areas.isRed(heir);
    replace(heir, orphan);
    replace(area, heir);
    inherit(heir, LEFT, left);
    inherit(heir, RIGHT, areas.child(area, RIGHT));
    areas.setRed(heir, areas.isRed(area));
    settle(orphan, parent, wasRed);
  }

  private void inherit(int heir, int side, int child) {
    areas.setChild(heir, side, child);
    if (child != NIL) {
      areas.setParent(child, heir);
    }
  }

  /** Ends a removal: a child has moved up below a parent, and a colour has left. */
  private void settle(int child, int parent, boolean wasRed) {
    if (augmented) {
      for (int area = parent; area != NIL; area = areas.parent(area)) {
        areas.setMax(area, largestBelow(area));
      }
    }
    if (!wasRed) {
      balanceBlack(child, parent);
    }
  }

  /** Restores the balance where a path below a parent has one black area too few. */
  private void balanceBlack(int from, int fromParent) {
    int area = from;
    int parent = fromParent;
    while (parent != NIL && !areas.isRed(area)) {
      int side = areas.child(parent, LEFT) == area ? LEFT : RIGHT;
      int sibling = blackSibling(parent, side);
      if (areas.isRed(areas.child(sibling, LEFT)) || areas.isRed(areas.child(sibling, RIGHT))) {
        fill(parent, sibling, side);
        return;
      }
      areas.setRed(sibling, true);
      area = parent;
      parent = areas.parent(area);
    }
    if (area != NIL) {
      areas.setRed(area, false);
    }
  }

  /** {@return the sibling of the short side, which a rotation has made black if need be} */
  private int blackSibling(int parent, int side) {
    int sibling = areas.child(parent, 1 - side);
    if (areas.isRed(sibling)) {
      areas.setRed(sibling, false);
      areas.setRed(parent, true);
      rotate(parent, side);
      sibling = areas.child(parent, 1 - side);
    }
    return sibling;
  }

  /** Fills the short side up with what its black sibling, which has a red child, can spare. */
  private void fill(int parent, int black, int side) {
    int sibling = black;
    if (!areas.isRed(areas.child(sibling, 1 - side))) {
      int inner = areas.child(sibling, side);
      areas.setRed(inner, false);
      areas.setRed(sibling, true);
      rotate(sibling, 1 - side);
      sibling = inner;
    }
    areas.setRed(sibling, areas.isRed(parent));
    areas.setRed(parent, false);
    areas.setRed(areas.child(sibling, 1 - side), false);
    rotate(parent, side);
  }
}
