package trace;

import hardware.api.Window;

/**
 * The bytes that a block with a given id is filled with: the little-endian word at offset {@code
 * 8k} is a scrambled id plus {@code k + 1} times an odd constant. So blocks differ from each other,
 * and a block from itself moved by any number of words, and no word is predictable as zero.
 *
 * <p>Safe for use by several threads, as far as the blocks are.
 */
public final class BlockPattern {
  /** What the search for a difference returns if there is none. */
  public static final long SAME = -1;

  private static final long STEP = 0x9E37_79B9_7F4A_7C15L;
  private static final int WORD = Long.BYTES;

  private BlockPattern() {}

  /**
   * Returns the byte of a block's pattern, 0 to 255.
   *
   * @param id the block's id, any value
   * @param offset from the block's beginning, at least 0
   */
  public static int byteAt(long id, long offset) {
    long word = seed(id) + (offset / WORD + 1) * STEP;
    return (int) (word >>> (offset % WORD * Byte.SIZE)) & 0xff;
  }

  /**
   * Fills a block with its pattern.
   *
   * @param window the memory in which it lies
   * @param address its address, any alignment
   * @param bytes its size, at least 0
   * @param id its id, any value
   */
  public static void fill(Window window, long address, long bytes, long id) {
    long word = seed(id);
    long words = bytes & -WORD;
    for (long offset = 0; offset < words; offset += WORD) {
      word += STEP;
      window.putLong(address + offset, word);
    }
    for (long offset = words; offset < bytes; offset++) {
      window.putByte(address + offset, (byte) byteAt(id, offset));
    }
  }

  /**
   * Returns the offset of the first byte that differs from the pattern, or {@link #SAME}.
   *
   * @param window the memory in which the block lies
   * @param address its address, any alignment
   * @param bytes how much of it to compare, at least 0
   * @param id the id that it was filled with
   */
  public static long difference(Window window, long address, long bytes, long id) {
    long word = seed(id);
    long words = bytes & -WORD;
    for (long offset = 0; offset < words; offset += WORD) {
      word += STEP;
      long found = window.getLong(address + offset);
      if (found != word) {
        return offset + Long.numberOfTrailingZeros(found ^ word) / Byte.SIZE;
      }
    }
    for (long offset = words; offset < bytes; offset++) {
      if ((window.getByte(address + offset) & 0xff) != byteAt(id, offset)) {
        return offset;
      }
    }
    return SAME;
  }

  /**
   * Returns the offset of the first byte that is not zero, or {@link #SAME}.
   *
   * @param window the memory in which the block lies
   * @param address its address, any alignment
   * @param bytes how much of it to look at, at least 0
   */
  public static long notZero(Window window, long address, long bytes) {
    long words = bytes & -WORD;
    for (long offset = 0; offset < words; offset += WORD) {
      long found = window.getLong(address + offset);
      if (found != 0) {
        return offset + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    for (long offset = words; offset < bytes; offset++) {
      if (window.getByte(address + offset) != 0) {
        return offset;
      }
    }
    return SAME;
  }

  /** Scrambles the id with the finalizer of MurmurHash3 (Appleby), which maps no two ids to one. */
  private static long seed(long id) {
    long h = id + 1;
    h = (h ^ (h >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return h ^ (h >>> 33);
  }
}
