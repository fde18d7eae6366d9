package heap.dl;

import hardware.api.Window;

/**
 * The 32 lists of small free chunks, one per multiple of 8 bytes below 256, with a bitmap of those
 * that hold something. Sizes are multiples of 16, so every second list stays empty.
 *
 * <p>Last in, first out: both ends of the work are at a list's front. The original's lists are
 * circles through the bin's own header; the headers here lie outside of simulated memory, so a list
 * ends with a link of 0 at either side. Not safe for use by several threads.
 */
final class SmallBins {
  /** Number of lists. */
  static final int COUNT = 32;

  /** log2 of the distance of two lists' sizes. */
  static final int SHIFT = 3;

  /** Bit i is set if and only if list i holds a chunk. */
  int map;

  private final long[] first = new long[COUNT];
  private final Window w;

  SmallBins(Window window) {
    this.w = window;
  }

  /** {@return whether chunks of this size are kept here} */
  static boolean holds(long size) {
    return size < Chunk.LARGE;
  }

  static int index(long size) {
    return (int) (size >>> SHIFT) & (COUNT - 1);
  }

  static long size(int index) {
    return (long) index << SHIFT;
  }

  /** {@return the first chunk of a list, or 0} */
  long first(int index) {
    return first[index];
  }

  void first(int index, long chunk) {
    first[index] = chunk;
  }

  void insert(long chunk, long size) {
    int index = index(size);
    long next = first[index];
    if (next != 0) {
      w.putLong(next + Chunk.BK, chunk);
    }
    map |= 1 << index;
    first[index] = chunk;
    w.putLong(chunk + Chunk.FD, next);
    w.putLong(chunk + Chunk.BK, 0);
  }

  /**
   * Takes the first chunk of a list that holds one.
   *
   * @return the chunk
   */
  long takeFirst(int index) {
    long chunk = first[index];
    long next = w.getLong(chunk + Chunk.FD);
    if (next == 0) {
      map &= ~(1 << index);
    } else if (w.getLong(next + Chunk.BK) == chunk) {
      w.putLong(next + Chunk.BK, 0);
    } else {
      throw Faults.link(chunk, "fd", next, "small bin " + index);
    }
    first[index] = next;
    return chunk;
  }

  /**
   * Takes a chunk out of its list.
   *
   * @return false, with nothing changed, if its neighbours in the list do not point back at it
   */
  boolean unlink(long chunk, long size) {
    long next = w.getLong(chunk + Chunk.FD);
    long previous = w.getLong(chunk + Chunk.BK);
    int index = index(size);
    if (next != 0 && w.getLong(next + Chunk.BK) != chunk) {
      return false;
    }
    if (previous == 0) {
      return unlinkFirst(chunk, next, index);
    }
    if (w.getLong(previous + Chunk.FD) != chunk) {
      return false;
    }
    w.putLong(previous + Chunk.FD, next);
    if (next != 0) {
      w.putLong(next + Chunk.BK, previous);
    }
    return true;
  }

  private boolean unlinkFirst(long chunk, long next, int index) {
    if (first[index] != chunk) {
      return false;
    }
    first[index] = next;
    if (next == 0) {
      map &= ~(1 << index);
    } else {
      w.putLong(next + Chunk.BK, 0);
    }
    return true;
  }
}
