package physmem.llfree;

import static physmem.llfree.Layout.WORD_FRAMES;

/**
 * The bit fields: words of 32 frames, each with the allocated bits below and the head bits above.
 * Both bits of a frame always change in one compare-and-set. Safe for use by several threads.
 */
final class Words {
  private static final long LOW = 0xFFFF_FFFFL;

  /** A word whose frames all go on a range that began before. */
  static final long INNER_WORD = LOW;

  /** A word that is one range, or the beginning of one. */
  static final long HEAD_WORD = LOW | 1L << WORD_FRAMES;

  /** A word that is the beginning of a pending range. */
  static final long PENDING_WORD = HEAD_WORD & ~1L;

  private static final int[] STARTS = {-1, 0x5555_5555, 0x1111_1111, 0x0101_0101, 0x0001_0001, 1};

  private final Cells cells;
  private final long base;

  /**
   * Makes the view.
   *
   * @param cells access to the metadata
   * @param base address of the first word
   */
  Words(Cells cells, long base) {
    this.cells = cells;
    this.base = base;
  }

  private long address(long word) {
    return base + word * Long.BYTES;
  }

  long at(long word) {
    return cells.acquireLong(address(word));
  }

  boolean swap(long word, long expected, long value) {
    return cells.swapLong(address(word), expected, value);
  }

  /** Writes a word that belongs to the caller alone at this time. */
  void put(long word, long value) {
    cells.releaseLong(address(word), value);
  }

  /** {@return the bits of frames that are free} */
  static int free(long value) {
    return ~((int) value | (int) (value >>> WORD_FRAMES));
  }

  /** {@return the bits of frames that are ours and allocated} */
  static int allocated(long value) {
    return (int) value;
  }

  /** {@return the head bits; those of frames that are not ours are among them} */
  static int heads(long value) {
    return (int) (value >>> WORD_FRAMES);
  }

  /** {@return the state of a frame of the word} */
  static int state(long value, int bit) {
    return (int) (value >>> bit & 1 | value >>> (bit + WORD_FRAMES - 1) & 2);
  }

  /** {@return the word with allocated and head bits as given} */
  static long join(int allocated, int heads) {
    return allocated & LOW | (long) heads << WORD_FRAMES;
  }

  /** {@return count bits, 1 to 32, from a bit on} */
  static int mask(int bit, int count) {
    return (-1 >>> (WORD_FRAMES - count)) << bit;
  }

  /** {@return the first bits of aligned blocks of an order up to 5 that are wholly set} */
  static int blocks(int bits, int order) {
    int found = bits;
    for (int i = 0; i < order; i++) {
      found &= found >>> (1 << i);
    }
    return found & STARTS[order];
  }

  private static int fill(int starts, int order) {
    int bits = starts;
    for (int i = 0; i < order; i++) {
      bits |= bits << (1 << i);
    }
    return bits;
  }

  private static int lowest(int bits, int limit) {
    if (limit == 1) {
      return Integer.lowestOneBit(bits);
    }
    int rest = bits;
    for (int i = 0; i < limit && rest != 0; i++) {
      rest &= rest - 1;
    }
    return bits ^ rest;
  }

  /**
   * Allocates blocks of one order up to 5, the lowest free ones.
   *
   * @param limit how many at most, at least 1
   * @return the first bit of each, or 0 if there is none
   */
  int take(long word, int order, int limit) {
    while (true) {
      long now = at(word);
      int starts = lowest(blocks(free(now), order), limit);
      if (starts == 0 || swap(word, now, now | join(fill(starts, order), starts))) {
        return starts;
      }
    }
  }

  /**
   * {@return the bits of a mask's frames, the lowest of which is free, inner, pending or a head}
   */
  static long bits(int mask, int first) {
    int lowest = Integer.lowestOneBit(mask);
    boolean isAllocated = (first & Layout.INNER) != 0;
    return join(isAllocated ? mask : mask ^ lowest, first >= Layout.FOREIGN ? lowest : 0);
  }

  /** {@return whether all frames of the mask were free and have the bits now} */
  boolean takeMask(long word, int mask, long bits) {
    while (true) {
      long now = at(word);
      if ((free(now) & mask) != mask) {
        return false;
      }
      if (swap(word, now, now | bits)) {
        return true;
      }
    }
  }

  /**
   * Frees frames.
   *
   * @param pending the lowest bit of the mask if a pending range begins there, else 0
   * @return whether all other frames of the mask were allocated, so that all are free now
   */
  boolean giveMask(long word, int mask, int pending) {
    while (true) {
      long now = at(word);
      boolean stands = (allocated(now) & mask) == (mask ^ pending);
      if (!stands || (heads(now) & pending) != pending) {
        return false;
      }
      if (swap(word, now, now & ~join(mask, mask))) {
        return true;
      }
    }
  }

  /** {@return whether a frame was allocated and is the first of a pending range now} */
  boolean suspend(long word, int bit) {
    while (true) {
      long now = at(word);
      if ((allocated(now) >>> bit & 1) == 0) {
        return false;
      }
      if (swap(word, now, now & ~(1L << bit) | join(0, 1 << bit))) {
        return true;
      }
    }
  }

  /** Makes the first frame of a pending range the first of a live one. */
  void settle(long word, int bit) {
    long now = at(word);
    while (!swap(word, now, now | 1L << bit)) {
      now = at(word);
    }
  }

  /** Makes an allocated frame the first of a range of its own; does nothing to others. */
  void cut(long word, int bit) {
    while (true) {
      long now = at(word);
      if (state(now, bit) != Layout.INNER || swap(word, now, now | join(0, 1 << bit))) {
        return;
      }
    }
  }

  /** Marks frames while nobody else is at work; {@return false if one of them was not free} */
  boolean mark(long word, int mask, long bits) {
    long address = address(word);
    long now = cells.plainLong(address);
    if ((free(now) & mask) != mask) {
      return false;
    }
    cells.putLong(address, now | bits);
    return true;
  }
}
