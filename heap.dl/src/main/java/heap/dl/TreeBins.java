package heap.dl;

import hardware.api.Window;

/**
 * The 32 trees of large free chunks, two per power of two from 256 bytes, with a bitmap of those
 * that hold something. The last one takes whatever is larger than the others.
 *
 * <p>Each is a bitwise trie over the size: at depth d the d-th bit below the bin's own leading bits
 * chooses the child, but every node holds a chunk, so a node may be smaller or larger than what is
 * below it, while everything under child 0 is smaller than everything under child 1. Chunks of one
 * size form a ring; the oldest is the one in the tree, the others have no parent. Not safe for use
 * by several threads.
 */
final class TreeBins {
  /** Number of trees. */
  static final int COUNT = 32;

  /** log2 of the smallest size kept here. */
  static final int SHIFT = 8;

  /** Bit i is set if and only if tree i holds a chunk. */
  int map;

  private final long[] roots = new long[COUNT];
  private final Window w;

  TreeBins(Window window) {
    this.w = window;
  }

  /** {@return the tree for a size} */
  static int index(long size) {
    long units = size >>> SHIFT;
    if (units == 0) {
      return 0;
    }
    if (units > 0xffff) { // 16 powers of two share the trees; beyond them there is only the last
      return COUNT - 1;
    }
    int power = 63 - Long.numberOfLeadingZeros(units);
    return (power << 1) + (int) ((size >>> (power + SHIFT - 1)) & 1);
  }

  /**
   * {@return the distance by which a size is shifted to bring its first deciding bit to the top}
   */
  static int shift(int index) {
    return index == COUNT - 1 ? 0 : 63 - ((index >>> 1) + SHIFT - 2);
  }

  /** {@return the smallest size of a tree} */
  static long least(int index) {
    int power = (index >>> 1) + SHIFT;
    return (1L << power) | ((long) (index & 1) << (power - 1));
  }

  /** {@return the chunk at the root of a tree, or 0} */
  long root(int index) {
    return roots[index];
  }

  void root(int index, long chunk) {
    roots[index] = chunk;
  }

  private static long child(long chunk, long keyOrSide) {
    return chunk + Chunk.CHILD + ((keyOrSide >>> 63) << 3);
  }

  private long left(long chunk) {
    return w.getLong(chunk + Chunk.CHILD);
  }

  private long right(long chunk) {
    return w.getLong(chunk + Chunk.CHILD + 8);
  }

  private long leftmost(long chunk) {
    long left = left(chunk);
    return left != 0 ? left : right(chunk);
  }

  // ---------------------------------------------------------------------------------- insertion

  void insert(long chunk, long size) {
    int index = index(size);
    w.putInt(chunk + Chunk.INDEX, index);
    w.putLong(chunk + Chunk.CHILD, 0);
    w.putLong(chunk + Chunk.CHILD + 8, 0);
    if ((map & (1 << index)) == 0) {
      map |= 1 << index;
      roots[index] = chunk;
      hang(chunk, index + 1);
    } else {
      descend(chunk, size, roots[index], size << shift(index));
    }
  }

  private void descend(long chunk, long size, long root, long sizeBits) {
    long node = root;
    for (long key = sizeBits; Chunk.size(w, node) != size; key <<= 1) {
      long slot = child(node, key);
      long below = w.getLong(slot);
      if (below == 0) {
        w.putLong(slot, chunk);
        hang(chunk, node);
        return;
      }
      node = below;
    }
    joinRing(chunk, node);
  }

  private void hang(long chunk, long parent) {
    w.putLong(chunk + Chunk.PARENT, parent);
    w.putLong(chunk + Chunk.FD, chunk);
    w.putLong(chunk + Chunk.BK, chunk);
  }

  private void joinRing(long chunk, long node) {
    long next = w.getLong(node + Chunk.FD);
    w.putLong(node + Chunk.FD, chunk);
    w.putLong(next + Chunk.BK, chunk);
    w.putLong(chunk + Chunk.FD, next);
    w.putLong(chunk + Chunk.BK, node);
    w.putLong(chunk + Chunk.PARENT, 0);
  }

  // -------------------------------------------------------------------------------------- search

  /** {@return the smallest chunk of the smallest tree that holds one; the map is not 0} */
  long smallest() {
    long best = roots[Integer.numberOfTrailingZeros(map)];
    long least = Chunk.size(w, best);
    for (long node = leftmost(best); node != 0; node = leftmost(node)) {
      long size = Chunk.size(w, node);
      if (size < least) {
        least = size;
        best = node;
      }
    }
    return best;
  }

  /**
   * Finds the smallest chunk that fits.
   *
   * @param wanted a large chunk size
   * @return the chunk, the oldest of its size, or 0
   */
  long bestFit(long wanted) {
    int index = index(wanted);
    long best = 0;
    long excess = Long.MAX_VALUE;
    long node = roots[index];
    long later = 0; // the deepest right subtree passed by: all there is larger than wanted
    for (long key = wanted << shift(index); node != 0; key <<= 1) {
      long over = Chunk.size(w, node) - wanted;
      if (over >= 0 && over < excess) {
        best = node;
        excess = over;
        if (over == 0) {
          return best;
        }
      }
      long right = right(node);
      node = w.getLong(child(node, key));
      if (right != 0 && right != node) {
        later = right;
      }
    }
    if (later == 0 && best == 0) {
      later = nextRoot(index);
    }
    return smallestBelow(later, wanted, best, excess);
  }

  private long nextRoot(int index) {
    int above = map & (-2 << index);
    return above == 0 ? 0 : roots[Integer.numberOfTrailingZeros(above)];
  }

  private long smallestBelow(long subtree, long wanted, long found, long foundExcess) {
    long best = found;
    long excess = foundExcess;
    for (long node = subtree; node != 0; node = leftmost(node)) {
      long over = Chunk.size(w, node) - wanted;
      if (over >= 0 && over < excess) {
        excess = over;
        best = node;
      }
    }
    return best;
  }

  /** {@return the chunk in the tree whose ring has this size, or 0} */
  long find(long size) {
    int index = index(size);
    long node = roots[index];
    for (long key = size << shift(index); node != 0; key <<= 1) {
      if (Chunk.size(w, node) == size) {
        return node;
      }
      node = w.getLong(child(node, key));
    }
    return 0;
  }

  // ------------------------------------------------------------------------------------- removal

  /**
   * Takes a chunk out of its tree or ring. If it is the last of its size, a leaf below it comes in
   * its place: any leaf may stand for any of its ancestors; the rightmost is taken, which works
   * against the leftmost that {@link #smallest} and {@link #bestFit} take away.
   *
   * @return false, with nothing changed, if what is linked with it does not point back at it
   */
  boolean unlink(long chunk) {
    long parent = w.getLong(chunk + Chunk.PARENT);
    long previous = w.getLong(chunk + Chunk.BK);
    if (parent != 0 && !parentPointsTo(chunk, parent)) {
      return false;
    }
    if (previous == chunk) {
      if (parent != 0) {
        replace(chunk, parent, detachLeaf(chunk));
      }
      return parent != 0;
    }
    long next = w.getLong(chunk + Chunk.FD);
    if (w.getLong(next + Chunk.BK) != chunk || w.getLong(previous + Chunk.FD) != chunk) {
      return false;
    }
    w.putLong(next + Chunk.BK, previous);
    w.putLong(previous + Chunk.FD, next);
    if (parent != 0) {
      replace(chunk, parent, previous);
    }
    return true;
  }

  private static boolean isRootMark(long parent) {
    return Long.compareUnsigned(parent, COUNT) <= 0;
  }

  private boolean parentPointsTo(long chunk, long parent) {
    if (isRootMark(parent)) {
      return roots[(int) parent - 1] == chunk;
    }
    return left(parent) == chunk || right(parent) == chunk;
  }

  /** Takes the rightmost leaf below a node off the tree; 0 if the node is a leaf itself. */
  private long detachLeaf(long chunk) {
    long slot = 0;
    long node = chunk;
    while (true) {
      long at = node + Chunk.CHILD + 8;
      long below = w.getLong(at);
      if (below == 0) {
        at = node + Chunk.CHILD;
        below = w.getLong(at);
      }
      if (below == 0) {
        break;
      }
      slot = at;
      node = below;
    }
    if (slot == 0) {
      return 0;
    }
    w.putLong(slot, 0);
    return node;
  }

  private void replace(long chunk, long parent, long successor) {
    if (isRootMark(parent)) {
      int index = (int) parent - 1;
      roots[index] = successor;
      if (successor == 0) {
        map &= ~(1 << index);
      }
    } else if (left(parent) == chunk) {
      w.putLong(parent + Chunk.CHILD, successor);
    } else {
      w.putLong(parent + Chunk.CHILD + 8, successor);
    }
    if (successor != 0) {
      w.putLong(successor + Chunk.PARENT, parent);
      inherit(chunk, successor, Chunk.CHILD);
      inherit(chunk, successor, Chunk.CHILD + 8);
    }
  }

  private void inherit(long chunk, long successor, long side) {
    long below = w.getLong(chunk + side);
    if (below != 0) {
      w.putLong(successor + side, below);
      w.putLong(below + Chunk.PARENT, successor);
    }
  }
}
