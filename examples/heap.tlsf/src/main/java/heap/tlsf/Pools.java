package heap.tlsf;

import java.util.Arrays;

/**
 * The stretches of memory that the heap holds, by rising address. A search for the pool of an
 * address takes log2 of their number of steps; growth in place keeps that number small.
 */
final class Pools {
  private static final int FIRST_ROOM = 8;

  private long[] starts = new long[FIRST_ROOM];
  private long[] ends = new long[FIRST_ROOM];
  private int count;

  /** Bytes of all pools. */
  long footprint;

  /** The most that there ever were. */
  long peak;

  /** Bytes of pools that are one free block. */
  long empty;

  int count() {
    return count;
  }

  long start(int pool) {
    return starts[pool];
  }

  long end(int pool) {
    return ends[pool];
  }

  /** {@return the pool that holds an address, or -1; addresses compare unsigned} */
  int holding(long address) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(address, starts[middle]) < 0) {
        high = middle - 1;
      } else if (Long.compareUnsigned(address, ends[middle]) >= 0) {
        low = middle + 1;
      } else {
        return middle;
      }
    }
    return -1;
  }

  void add(long start, long end) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    int at = count;
    while (at > 0 && Long.compareUnsigned(start, starts[at - 1]) < 0) {
      at--;
    }
    System.arraycopy(starts, at, starts, at + 1, count - at);
    System.arraycopy(ends, at, ends, at + 1, count - at);
    starts[at] = start;
    ends[at] = end;
    count++;
    grew(end - start);
  }

  private void grew(long by) {
    footprint += by;
    peak = Math.max(peak, footprint);
  }

  /** Moves a pool's end. */
  void end(int pool, long end) {
    long by = end - ends[pool];
    ends[pool] = end;
    grew(by);
  }

  void remove(int pool) {
    footprint -= ends[pool] - starts[pool];
    count--;
    System.arraycopy(starts, pool + 1, starts, pool, count - pool);
    System.arraycopy(ends, pool + 1, ends, pool, count - pool);
  }
}
