package vmem.arena;

import java.util.Arrays;

/** A growing list of ranges in primitive arrays. Not safe for use by several threads. */
final class Ranges {
  private long[] bases = new long[64];
  private long[] sizes = new long[64];
  private int count;
  private boolean sorted = true;

  /** Adds a range. */
  void add(long base, long size) {
    if (count == bases.length) {
      bases = Arrays.copyOf(bases, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    sorted &= count == 0 || !Numbers.below(base, bases[count - 1]);
    bases[count] = base;
    sizes[count++] = size;
  }

  /** {@return the number of ranges} */
  int count() {
    return count;
  }

  /** {@return the base of a range} */
  long base(int index) {
    return bases[index];
  }

  /** {@return the size of a range} */
  long size(int index) {
    return sizes[index];
  }

  /** {@return the last address of a range} */
  long last(int index) {
    return bases[index] + sizes[index] - 1;
  }

  /** Sorts by unsigned base: merges runs of doubling length; nothing to do if added in order. */
  void sort() {
    for (int run = 1; !sorted && run < count; run *= 2) {
      long[] toBases = new long[bases.length];
      long[] toSizes = new long[bases.length];
      for (int low = 0; low < count; low += 2 * run) {
        merge(low, Math.min(low + run, count), Math.min(low + 2 * run, count), toBases, toSizes);
      }
      bases = toBases;
      sizes = toSizes;
    }
    sorted = true;
  }

  private void merge(int low, int middle, int high, long[] toBases, long[] toSizes) {
    int left = low;
    int right = middle;
    for (int to = low; to < high; to++) {
      boolean takeLeft =
          right == high || (left < middle && !Numbers.above(bases[left], bases[right]));
      int from = takeLeft ? left++ : right++;
      toBases[to] = bases[from];
      toSizes[to] = sizes[from];
    }
  }
}
