package hardware.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Which frames the host has supplied: one bit per frame, off-heap, so that a machine of terabytes
 * costs only the part of the bitmap that is touched.
 *
 * <p>Changes are made by one thread at a time; looking is safe beside them.
 */
final class SuppliedFrames {
  private static final VarHandle WORDS = ValueLayout.JAVA_LONG.arrayElementVarHandle();
  private static final int WORD_SHIFT = 6; // 64 bits to a word
  private static final long ALL = -1;

  private final MemorySegment words;
  private final long frames;

  /**
   * Makes a bitmap without any frame.
   *
   * @param frames how many frames it is for
   * @param words memory of at least one bit per frame, rounded up to 8 bytes, all zero
   */
  SuppliedFrames(long frames, MemorySegment words) {
    this.frames = frames;
    this.words = words;
  }

  /**
   * {@return the bytes of memory that a bitmap needs}
   *
   * @param frames how many frames it is for
   */
  static long bytes(long frames) {
    return ((frames >>> WORD_SHIFT) + 1) * Long.BYTES;
  }

  /** {@return whether a frame is supplied; false for a frame that does not exist} */
  boolean contains(long frame) {
    return frame >= 0 && frame < frames && ((word(frame >>> WORD_SHIFT) >>> frame) & 1) != 0;
  }

  /** {@return whether all frames from one to before another are supplied} */
  boolean all(long from, long end) {
    return nextMissing(from, end) == end;
  }

  /** {@return the first frame in a range that is not supplied, or the range's end} */
  long nextMissing(long from, long end) {
    return next(from, end, ALL);
  }

  /** {@return the first frame in a range that is supplied, or the range's end} */
  long nextSupplied(long from, long end) {
    return next(from, end, 0);
  }

  /** Notes the frames of a range as supplied. */
  void add(long from, long end) {
    for (long at = from; at < end; at = wordEnd(at)) {
      set(at >>> WORD_SHIFT, word(at >>> WORD_SHIFT) | mask(at, end));
    }
  }

  /** Notes the frames of a range as not supplied. */
  void remove(long from, long end) {
    for (long at = from; at < end; at = wordEnd(at)) {
      set(at >>> WORD_SHIFT, word(at >>> WORD_SHIFT) & ~mask(at, end));
    }
  }

  /** Finds the next bit that differs from a background of all ones or all zeros. */
  private long next(long from, long end, long background) {
    for (long at = from; at < end; at = wordEnd(at)) {
      long found = (word(at >>> WORD_SHIFT) ^ background) & mask(at, end);
      if (found != 0) {
        return (at & -Long.SIZE) + Long.numberOfTrailingZeros(found);
      }
    }
    return end;
  }

  private static long wordEnd(long frame) {
    return (frame | (Long.SIZE - 1)) + 1;
  }

  /** {@return the bits of one word that a range covers, from a frame in that word on} */
  private static long mask(long from, long end) {
    long low = ALL << from; // the shift counts modulo 64
    return end >= wordEnd(from) ? low : low & ~(ALL << end);
  }

  // Pairs with set: who sees the bit sees the page that was supplied before it.
  private long word(long index) {
    return (long) WORDS.getAcquire(words, 0L, index);
  }

  private void set(long index, long value) {
    WORDS.setRelease(words, 0L, index, value);
  }
}
