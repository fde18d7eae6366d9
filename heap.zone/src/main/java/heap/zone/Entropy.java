package heap.zone;

import java.util.SplittableRandom;

/** Random choices that repeat with their seed. Safe for use by several threads. */
final class Entropy {
  private final SplittableRandom random;

  Entropy(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** {@return a number from 0 to below a bound} */
  synchronized int below(int bound) {
    return random.nextInt(bound);
  }

  /** {@return whether one of so many equal chances came true} */
  boolean oneIn(int chances) {
    return below(chances) == 0;
  }

  /** Puts a row in random order, after Fisher and Yates. */
  void shuffle(int[] row) {
    for (int i = row.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int other = row[j];
      row[j] = row[i];
      row[i] = other;
    }
  }

  /** {@return a mask of so many random bits out of a number} */
  long bits(int count, int of) {
    long mask = 0;
    for (int left = count; left > 0; ) {
      long bit = 1L << below(of);
      left -= (mask & bit) == 0 ? 1 : 0;
      mask |= bit;
    }
    return mask;
  }
}
