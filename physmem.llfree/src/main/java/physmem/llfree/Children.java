package physmem.llfree;

import static physmem.llfree.Layout.ABSENT;
import static physmem.llfree.Layout.BUSY;
import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_USED;
import static physmem.llfree.Layout.CONT;
import static physmem.llfree.Layout.ENTRY_MASK;
import static physmem.llfree.Layout.HUGE;
import static physmem.llfree.Layout.TOUCHED;

/**
 * The entries of children: 16 bits each, two in an int, since that is the smallest thing that Java
 * compares and sets. Zero is a child whose frames are all free, so that opening writes nothing. The
 * count of a HUGE or ABSENT child is 512, so that one comparison refuses them all. Safe for use by
 * several threads.
 */
final class Children {
  private static final int SHIFT = 16;
  private static final int WHOLE = HUGE | CHILD_FRAMES;
  private static final int WHOLE_PAIR = (WHOLE | CONT) << SHIFT | WHOLE;
  private static final int FLAGS = HUGE | ABSENT;
  private static final int TOUCHED_PAIR = TOUCHED << SHIFT | TOUCHED;

  private final Cells cells;
  private final long base;

  /**
   * Makes the view.
   *
   * @param cells access to the metadata
   * @param base address of the first pair
   */
  Children(Cells cells, long base) {
    this.cells = cells;
    this.base = base;
  }

  private long address(int child) {
    return base + (long) (child >>> 1) * Integer.BYTES;
  }

  private static int shift(int child) {
    return (child & 1) * SHIFT;
  }

  int at(int child) {
    return cells.acquireInt(address(child)) >>> shift(child) & ENTRY_MASK;
  }

  static int used(int entry) {
    return entry & CHILD_USED;
  }

  /** {@return whether the child is part of a live range as a whole} */
  static boolean isHuge(int entry) {
    return (entry & FLAGS) == HUGE;
  }

  /** {@return whether the child is the first of a pending range, which has all of it} */
  static boolean isPending(int entry) {
    return (entry & FLAGS) == FLAGS;
  }

  /** {@return whether all frames of the child are free} */
  static boolean isFree(int entry) {
    return (entry & ~TOUCHED) == 0;
  }

  /** {@return whether the words say nothing about the child} */
  static boolean isWhole(int entry) {
    return (entry & FLAGS) != 0;
  }

  /** Takes frames off the count; {@return false if there are not so many} */
  boolean take(int child, int frames) {
    long address = address(child);
    int shift = shift(child);
    while (true) {
      int pair = cells.acquireInt(address);
      if ((pair >>> shift & CHILD_USED) + frames > CHILD_FRAMES) {
        return false;
      }
      if (cells.swapInt(address, pair, (pair + (frames << shift)) | TOUCHED << shift)) {
        return true;
      }
    }
  }

  /**
   * Takes as many frames as there are off the count.
   *
   * @param frames how many at most, a multiple of the unit
   * @param unit a power of two
   * @return how many, a multiple of the unit
   */
  int takeUpTo(int child, int frames, int unit) {
    long address = address(child);
    int shift = shift(child);
    while (true) {
      int pair = cells.acquireInt(address);
      int free = CHILD_FRAMES - (pair >>> shift & CHILD_USED);
      int got = Math.min(frames, free & -unit);
      if (got == 0 || cells.swapInt(address, pair, (pair + (got << shift)) | TOUCHED << shift)) {
        return got;
      }
    }
  }

  /** Puts frames back on the count, after their bits are free. */
  void give(int child, int frames) {
    long address = address(child);
    int pair = cells.acquireInt(address);
    while (!cells.swapInt(address, pair, pair - (frames << shift(child)))) {
      pair = cells.acquireInt(address);
    }
  }

  /** {@return whether the entry was as expected and has the new value now} */
  boolean swap(int child, int expected, int value) {
    long address = address(child);
    int shift = shift(child);
    while (true) {
      int pair = cells.acquireInt(address);
      if ((pair >>> shift & ENTRY_MASK) != expected) {
        return false;
      }
      int next = pair & ~(ENTRY_MASK << shift) | value << shift;
      if (cells.swapInt(address, pair, next)) {
        return true;
      }
    }
  }

  /**
   * Allocates a child as a whole.
   *
   * @param first what its first frame is to be: head, inner or pending
   * @return whether the child was free
   */
  boolean takeWhole(int child, int first) {
    while (true) {
      int entry = at(child);
      if (!isFree(entry)) {
        return false;
      }
      if (swap(child, entry, entry | CHILD_FRAMES | flags(first))) {
        return true;
      }
    }
  }

  private static int flags(int first) {
    return switch (first) {
      case Layout.HEAD -> HUGE;
      case Layout.INNER -> HUGE | CONT;
      default -> Layout.PENDING_CHILD;
    };
  }

  /** {@return whether an even child and the next were free and are one block now} */
  boolean takePair(int child) {
    long address = address(child);
    while (true) {
      int pair = cells.acquireInt(address);
      if ((pair & ~TOUCHED_PAIR) != 0) {
        return false;
      }
      if (cells.swapInt(address, pair, pair | WHOLE_PAIR)) {
        return true;
      }
    }
  }

  /** {@return whether an even child and the next were one block and are free now} */
  boolean givePair(int child) {
    long address = address(child);
    while (true) {
      int pair = cells.acquireInt(address);
      if ((pair & ~TOUCHED_PAIR) != WHOLE_PAIR) {
        return false;
      }
      if (cells.swapInt(address, pair, pair & TOUCHED_PAIR)) {
        return true;
      }
    }
  }

  /** {@return whether the child was allocated as a whole and is free now} */
  boolean giveWhole(int child) {
    while (true) {
      int entry = at(child);
      if (!isHuge(entry) || (entry & BUSY) != 0) {
        return false;
      }
      if (swap(child, entry, entry & TOUCHED)) {
        return true;
      }
    }
  }

  /** {@return whether a pending range began with the child, which is free now} */
  boolean givePending(int child) {
    int entry = at(child);
    return isPending(entry) && swap(child, entry, entry & TOUCHED);
  }

  /** {@return whether the child was allocated as a whole and begins a pending range now} */
  boolean suspend(int child) {
    while (true) {
      int entry = at(child);
      if (!isHuge(entry) || (entry & BUSY) != 0) {
        return false;
      }
      if (swap(child, entry, entry & ~CONT | ABSENT)) {
        return true;
      }
    }
  }

  /** Makes the pending range that begins with the child a live one. */
  void settle(int child) {
    int entry = at(child);
    while (!swap(child, entry, entry & ~ABSENT)) {
      entry = at(child);
    }
  }

  /** Writes an entry while nobody else is at work. */
  void put(int child, int entry) {
    long address = address(child);
    int shift = shift(child);
    cells.putInt(address, cells.plainInt(address) & ~(ENTRY_MASK << shift) | entry << shift);
  }

  /** {@return the entry while nobody else is at work} */
  int plainAt(int child) {
    return cells.plainInt(address(child)) >>> shift(child) & ENTRY_MASK;
  }

  /** Marks a free child as a whole while nobody else is at work; {@return false if not free} */
  boolean mark(int child, int flags) {
    int entry = plainAt(child);
    if (!isFree(entry)) {
      return false;
    }
    put(child, entry | flags | CHILD_FRAMES);
    return true;
  }
}
