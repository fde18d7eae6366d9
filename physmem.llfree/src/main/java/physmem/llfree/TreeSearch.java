package physmem.llfree;

import static physmem.llfree.Layout.CHILD_ORDER;

/**
 * Chooses the tree to reserve next: one near the last that is partly used but not nearly full, else
 * a free one, else any that has enough. So free trees stay free as long as others will do, and CPUs
 * do not meet. Safe for use by several threads; the answer may be out of date.
 */
final class TreeSearch {
  /** A tree with less than this part of its frames free is a bad choice: soon another is due. */
  static final int SPARSE = 16;

  /*
   * How many trees count as near: 64 counts are four cache lines. Behind them a free tree is taken
   * rather than more time.
   */
  private static final int NEAR = 64;

  private final Trees trees;
  private final Lower lower;

  TreeSearch(Trees trees, Lower lower) {
    this.trees = trees;
    this.lower = lower;
  }

  /** {@return an unreserved tree of a zone with enough free frames by count, or -1} */
  int find(Zone zone, int start, int order) {
    int free = -1;
    int sparse = -1;
    for (int i = 0; i < zone.trees(); i++) {
      if (i == NEAR && free >= 0) {
        return free;
      }
      int tree = nth(zone, start, i);
      int value = trees.at(tree);
      if (!isCandidate(tree, value, order)) {
        continue;
      }
      int count = trees.freeOf(value);
      if (count == trees.frames()) {
        free = free < 0 ? tree : free;
      } else if (count >= trees.frames() / SPARSE) {
        return tree;
      } else {
        sparse = sparse < 0 ? tree : sparse;
      }
    }
    return free >= 0 ? free : sparse;
  }

  private boolean isCandidate(int tree, int value, int order) {
    return !Trees.isReserved(value)
        && trees.freeOf(value) >= 1 << order
        && (order < CHILD_ORDER || lower.hasHuge(tree, order));
  }

  /** {@return the i-th tree by distance from the start, to both sides, round the zone's ends} */
  private static int nth(Zone zone, int start, int i) {
    int offset = (i & 1) == 0 ? -(i >>> 1) : (i + 1) >>> 1;
    int place = start - zone.firstTree() + offset;
    int trees = zone.trees();
    int wrapped = place < 0 ? place + trees : place < trees ? place : place - trees;
    return zone.firstTree() + wrapped;
  }
}
