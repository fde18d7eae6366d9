package allocator.arena;

import java.util.Arrays;

/** A growing list of ranges in primitive arrays. Not safe for use by several threads. */
final class Ranges {
  private static final int DIGIT_BITS = 11; // 2048 counters stay in the first-level cache
  private static final long DIGIT = (1 << DIGIT_BITS) - 1;

  private long[] bases = new long[64];
  private long[] sizes = new long[64];
  private int[] notes = new int[64];
  private int count;
  private boolean sorted = true;

  /** Adds a range with a note. */
  void add(long base, long size, int note) {
    if (count == bases.length) {
      bases = Arrays.copyOf(bases, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
      notes = Arrays.copyOf(notes, 2 * count);
    }
    sorted &= count == 0 || !Numbers.below(base, bases[count - 1]);
    bases[count] = base;
    notes[count] = note;
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

  /** {@return the note of a range} */
  int note(int index) {
    return notes[index];
  }

  /** {@return the last address of a range} */
  long last(int index) {
    return bases[index] + sizes[index] - 1;
  }

  /**
   * Sorts by unsigned base, digit by digit from the lowest up, leaving out digits that all bases
   * share; nothing to do if added in order.
   */
  void sort() {
    long differing = 0;
    for (int i = 1; !sorted && i < count; i++) {
      differing |= bases[i] ^ bases[0];
    }
    for (int shift = 0; shift < Long.SIZE && differing >>> shift != 0; shift += DIGIT_BITS) {
      if ((differing >>> shift & DIGIT) != 0) {
        sortBy(shift);
      }
    }
    sorted = true;
  }

  /** Sorts by one digit and keeps the order of those that have the same. */
  private void sortBy(int shift) {
    int[] next = new int[(int) DIGIT + 2]; // where the next base with a digit goes, one place up
    for (int i = 0; i < count; i++) {
      next[(int) (bases[i] >>> shift & DIGIT) + 1]++;
    }
    for (int digit = 0; digit < DIGIT; digit++) {
      next[digit + 1] += next[digit];
    }
    long[] toBases = new long[count];
    long[] toSizes = new long[count];
    int[] toNotes = new int[count];
    for (int i = 0; i < count; i++) {
      int to = next[(int) (bases[i] >>> shift & DIGIT)]++;
      toBases[to] = bases[i];
      toSizes[to] = sizes[i];
      toNotes[to] = notes[i];
    }
    bases = toBases;
    sizes = toSizes;
    notes = toNotes;
  }
}
