package physmem.bitmap;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** A bitmap outside of Java's heap, zero at first. Not safe for use by several threads. */
final class Bits {
  /** Bits of a word. */
  static final int WORD = 64;

  private static final long ALL = -1;

  private final MemorySegment words;
  private final long count;

  /**
   * Makes a bitmap.
   *
   * @param words memory that reads as zero
   * @param count number of bits that are looked at
   */
  Bits(MemorySegment words, long count) {
    this.words = words;
    this.count = count;
  }

  /** {@return the bytes that so many bits take} */
  static long bytes(long count) {
    return Math.max(1, (count + WORD - 1) / WORD) * Long.BYTES;
  }

  long word(long index) {
    return words.getAtIndex(JAVA_LONG, index);
  }

  boolean get(long bit) {
    return (word(bit / WORD) >>> bit & 1) != 0;
  }

  /** Sets or clears bits. */
  void put(long from, long to, boolean value) {
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at | WORD - 1) + 1);
      long mask = mask(at, end);
      long old = word(at / WORD);
      words.setAtIndex(JAVA_LONG, at / WORD, value ? old | mask : old & ~mask);
      at = end;
    }
  }

  // The bits of one word.
  private static long mask(long from, long end) {
    return (ALL >>> (WORD - (end - from))) << from;
  }

  /** {@return the first bit of a value from one on and before a limit, or the limit} */
  long next(boolean value, long from, long limit) {
    for (long at = from; at < limit; at = (at | WORD - 1) + 1) {
      long word = word(at / WORD);
      long rest = (value ? word : ~word) & (ALL << at);
      if (rest != 0) {
        return Math.min(limit, (at & -WORD) + Long.numberOfTrailingZeros(rest));
      }
    }
    return limit;
  }

  /** {@return the number of set bits} */
  long cardinality(long from, long to) {
    long sum = 0;
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at | WORD - 1) + 1);
      sum += Long.bitCount(word(at / WORD) & mask(at, end));
      at = end;
    }
    return sum;
  }

  long count() {
    return count;
  }
}
