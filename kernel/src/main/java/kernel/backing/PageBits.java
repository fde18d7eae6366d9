package kernel.backing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A set of pages of a large window, held in chunks of bits that exist only where a page is set.
 *
 * <p>Not safe for use by several threads.
 */
final class PageBits {
  private static final int CHUNK_SHIFT = 12; // 4,096 pages, 16 MiB of addresses: half a KiB of bits
  private static final int WORDS = 1 << (CHUNK_SHIFT - 6);
  private static final long[] EMPTY = new long[WORDS];

  private final Map<Long, long[]> chunks = new HashMap<>();

  /** Sets a run of pages. */
  void set(long page, long count) {
    for (long p = page; p < page + count; ) {
      long[] chunk = chunks.computeIfAbsent(p >> CHUNK_SHIFT, key -> new long[WORDS]);
      long take = take(p, page + count);
      chunk[word(p)] |= mask(p, take);
      p += take;
    }
  }

  /** Clears a run of pages. */
  void clear(long page, long count) {
    for (long p = page; p < page + count; ) {
      long take = take(p, page + count);
      long[] chunk = chunks.get(p >> CHUNK_SHIFT);
      if (chunk != null) {
        chunk[word(p)] &= ~mask(p, take);
        if (chunk[word(p)] == 0 && Arrays.equals(chunk, EMPTY)) {
          chunks.remove(p >> CHUNK_SHIFT);
        }
      }
      p += take;
    }
  }

  /** {@return the number of pages of a run that are set} */
  long count(long page, long count) {
    long set = 0;
    for (long p = page; p < page + count; ) {
      long take = take(p, page + count);
      long[] chunk = chunks.getOrDefault(p >> CHUNK_SHIFT, EMPTY);
      set += Long.bitCount(chunk[word(p)] & mask(p, take));
      p += take;
    }
    return set;
  }

  /** {@return the number of chunks in memory} */
  int chunks() {
    return chunks.size();
  }

  // How many pages from p on lie in the same word and below the end.
  private static long take(long p, long end) {
    return Math.min(end - p, Long.SIZE - (p & (Long.SIZE - 1)));
  }

  private static int word(long p) {
    return (int) (p >> 6) & (WORDS - 1);
  }

  private static long mask(long p, long take) {
    return (take == Long.SIZE ? -1L : (1L << take) - 1) << (p & (Long.SIZE - 1));
  }
}
