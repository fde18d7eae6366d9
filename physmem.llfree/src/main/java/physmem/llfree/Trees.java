package physmem.llfree;

import static physmem.llfree.Layout.RESERVED;

/**
 * The counts of trees: the frames that are neither free nor kept by a CPU's reservation, and
 * whether a CPU has reserved the tree. Zero is a free tree. Safe for use by several threads.
 */
final class Trees {
  private final Cells cells;
  private final long base;
  private final int frames;

  /**
   * Makes the view.
   *
   * @param cells access to the metadata
   * @param base address of the first tree
   * @param frames frames of a tree
   */
  Trees(Cells cells, long base, int frames) {
    this.cells = cells;
    this.base = base;
    this.frames = frames;
  }

  private long address(int tree) {
    return base + (long) tree * Integer.BYTES;
  }

  int frames() {
    return frames;
  }

  int at(int tree) {
    return cells.opaqueInt(address(tree));
  }

  static boolean isReserved(int value) {
    return value < 0;
  }

  int free(int tree) {
    return freeOf(at(tree));
  }

  int freeOf(int value) {
    return frames - (value & ~RESERVED);
  }

  /** {@return whether so many frames were free and are off the count now} */
  boolean take(int tree, int count) {
    long address = address(tree);
    while (true) {
      int now = cells.acquireInt(address);
      if (freeOf(now) < count) {
        return false;
      }
      if (cells.swapInt(address, now, now + count)) {
        return true;
      }
    }
  }

  /** Puts frames on the count; {@return the tree as it is then} */
  int give(int tree, int count) {
    long address = address(tree);
    int now = cells.acquireInt(address);
    while (!cells.swapInt(address, now, now - count)) {
      now = cells.acquireInt(address);
    }
    return now - count;
  }

  /**
   * Reserves a tree.
   *
   * @param least the fewest free frames that will do
   * @param most the number of free frames that is too many
   * @return the frames that come with it, or -1 if it was not to be had
   */
  int reserve(int tree, int least, int most) {
    long address = address(tree);
    while (true) {
      int now = cells.acquireInt(address);
      if (isReserved(now) || freeOf(now) < least || freeOf(now) >= most) {
        return -1;
      }
      if (cells.swapInt(address, now, RESERVED | frames)) {
        return freeOf(now);
      }
    }
  }

  /** Ends a reservation. */
  void release(int tree, int count) {
    long address = address(tree);
    int now = cells.acquireInt(address);
    while (!cells.swapInt(address, now, (now & ~RESERVED) - count)) {
      now = cells.acquireInt(address);
    }
  }

  /** {@return the frames that others freed into a reserved tree and that are off its count now} */
  int pull(int tree) {
    long address = address(tree);
    while (true) {
      int now = cells.acquireInt(address);
      int free = freeOf(now);
      if (free == 0 || !isReserved(now)) {
        return 0;
      }
      if (cells.swapInt(address, now, now + free)) {
        return free;
      }
    }
  }

  /** Takes frames off the count while nobody else is at work. */
  void mark(int tree, int count) {
    long address = address(tree);
    cells.putInt(address, cells.plainInt(address) + count);
  }
}
