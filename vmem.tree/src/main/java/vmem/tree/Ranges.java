package vmem.tree;

import java.util.Arrays;

/** A growing list of ranges in primitive arrays. For one thread. */
final class Ranges {
  private static final int DIGIT = 8; // bits: 256 counters stay in the first cache
  private static final int VALUES = 1 << DIGIT;

  private long[] bases;
  private long[] sizes;
  private int count;
  private boolean rising = true;

  /**
   * Makes an empty list.
   *
   * @param expected for how many ranges to make room
   */
  Ranges(int expected) {
    this.bases = new long[expected];
    this.sizes = new long[expected];
  }

  /** Adds a range. */
  void add(long base, long size) {
    if (count == bases.length) {
      bases = Arrays.copyOf(bases, Math.max(16, 2 * count));
      sizes = Arrays.copyOf(sizes, bases.length);
    }
    rising &= count == 0 || !Unsigned.below(base, bases[count - 1]);
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

  /**
   * Sorts by unsigned base in linear time: by one digit after another, the last first. Digits that
   * all bases share are passed by; of addresses that are most of them.
   */
  void sort() {
    if (rising) {
      return;
    }
    long differing = differing();
    long[][] spare = {new long[count], new long[count]};
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT) {
      if ((differing >>> shift & (VALUES - 1)) != 0) {
        scatter(shift, spare);
      }
    }
    rising = true;
  }

  private long differing() {
    long differing = 0;
    for (int i = 1; i < count; i++) {
      differing |= bases[i] ^ bases[0];
    }
    return differing;
  }

  /** Moves all ranges to the spare arrays in the order of a digit, equals as they were. */
  private void scatter(int shift, long[][] spare) {
    int[] places = places(shift);
    for (int i = 0; i < count; i++) {
      int at = places[(int) (bases[i] >>> shift) & (VALUES - 1)]++;
      spare[0][at] = bases[i];
      spare[1][at] = sizes[i];
    }
    long[] formerBases = bases;
    long[] formerSizes = sizes;
    bases = spare[0];
    sizes = spare[1];
    spare[0] = formerBases;
    spare[1] = formerSizes;
  }

  /** {@return for each value of a digit, where the first range that has it belongs} */
  private int[] places(int shift) {
    int[] places = new int[VALUES];
    for (int i = 0; i < count; i++) {
      places[(int) (bases[i] >>> shift) & (VALUES - 1)]++;
    }
    int sum = 0;
    for (int value = 0; value < VALUES; value++) {
      int here = places[value];
      places[value] = sum;
      sum += here;
    }
    return places;
  }
}
