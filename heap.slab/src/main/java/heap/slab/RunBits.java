package heap.slab;

/** Arithmetic on words of 64 bits in which a bit set stands for a free page. */
final class RunBits {
  /** Per order, a bit at every multiple of 2^order. */
  private static final long[] STARTS = {
    -1,
    0x5555_5555_5555_5555L,
    0x1111_1111_1111_1111L,
    0x0101_0101_0101_0101L,
    0x0001_0001_0001_0001L
  };

  /** Every page may be the first of a run. */
  static final long ANYWHERE = -1;

  private RunBits() {}

  /** {@return where a run of 2^order pages may begin to be in step with its length} */
  static long starts(int order) {
    return STARTS[order];
  }

  /** {@return a bit for every page of a word at which so many free ones begin} */
  static long runs(long word, int count) {
    long bits = word;
    for (int done = 1; done < count; ) {
      int step = Math.min(done, count - done);
      bits &= bits >>> step;
      done += step;
    }
    return bits;
  }

  /** {@return the bits of up to 63 pages, from a page on, in the word that they are in} */
  static long mask(int page, int count) {
    return ((1L << count) - 1) << page; // the shift takes page mod 64
  }

  /** {@return the bits of the first pages of a word, at most 64; none if less than one} */
  static long first(int count) {
    return count >= Long.SIZE ? -1 : (1L << Math.max(0, count)) - 1;
  }
}
