package heap.zone;

import allocator.api.CorruptionException;
import java.util.Arrays;

/**
 * The bitmaps that do not fit in the metadata of a chunk's pages: runs of 2^order words from a
 * buddy allocator of their own, in pieces of 16 KiB. A bitmap is known by a number, 0 for none.
 * Taking and giving is safe for several threads; the words of a bitmap are used under the lock of
 * its zone.
 */
final class Bitmaps {
  /** The largest order of a bitmap: 128 words, 8192 elements. */
  static final int MOST_ORDER = 7;

  private static final int PIECE_SHIFT = 11; // words of a piece
  private static final int PIECE = 1 << PIECE_SHIFT;
  private static final int NONE = 0; // word 0 of the first piece is never handed out

  private final int[] heads = new int[PIECE_SHIFT + 1]; // by order, of free runs
  private volatile long[][] pieces = new long[0][];
  private byte[] free = new byte[0]; // per word: order + 1 where a free run begins
  private long taken; // words

  /** {@return the order of a bitmap of so many bits} */
  static int order(int bits) {
    int words = (bits + Long.SIZE - 1) / Long.SIZE;
    return Integer.SIZE - Integer.numberOfLeadingZeros(words - 1);
  }

  /** {@return the number of a bitmap of 2^order words, all zero} */
  synchronized int take(int order) {
    int from = order;
    while (from <= PIECE_SHIFT && heads[from] == NONE) {
      from++;
    }
    if (from > PIECE_SHIFT) {
      addPiece();
      return take(order);
    }
    int run = heads[from];
    unlist(run, from);
    while (from > order) {
      from--;
      list(run + (1 << from), from); // the upper half
    }
    for (int i = 0; i < 1 << order; i++) {
      word(run, i, 0);
    }
    taken += 1L << order;
    return run;
  }

  /** Takes a bitmap back. */
  synchronized void give(int bitmap, int order) {
    taken -= 1L << order;
    int run = bitmap;
    int at = order;
    while (at < PIECE_SHIFT && free[run ^ 1 << at] == at + 1) {
      unlist(run ^ 1 << at, at);
      run &= ~(1 << at);
      at++;
    }
    list(run, at);
  }

  private void addPiece() {
    int index = pieces.length;
    long[][] next = Arrays.copyOf(pieces, index + 1);
    next[index] = new long[PIECE];
    pieces = next;
    free = Arrays.copyOf(free, next.length * PIECE);
    if (index > 0) {
      list(index << PIECE_SHIFT, PIECE_SHIFT);
      return;
    }
    for (int order = 0; order < PIECE_SHIFT; order++) {
      list(1 << order, order); // all but word 0
    }
  }

  private void list(int run, int order) {
    int second = heads[order];
    word(run, 0, PageMeta.link(second, NONE));
    if (second != NONE) {
      word(second, 0, PageMeta.link(PageMeta.next(word(second, 0)), run));
    }
    heads[order] = run;
    free[run] = (byte) (order + 1);
  }

  private void unlist(int run, int order) {
    int next = PageMeta.next(word(run, 0));
    int before = PageMeta.before(word(run, 0));
    if (before == NONE) {
      heads[order] = next;
    } else {
      word(before, 0, PageMeta.link(next, PageMeta.before(word(before, 0))));
    }
    if (next != NONE) {
      word(next, 0, PageMeta.link(PageMeta.next(word(next, 0)), before));
    }
    free[run] = 0;
  }

  /** {@return the words of a bitmap's piece; its own begin at {@link #start}} */
  long[] words(int bitmap) {
    return pieces[bitmap >>> PIECE_SHIFT];
  }

  /** {@return where in its piece a bitmap begins} */
  static int start(int bitmap) {
    return bitmap & (PIECE - 1);
  }

  long word(int bitmap, int index) {
    return pieces[bitmap >>> PIECE_SHIFT][(bitmap & (PIECE - 1)) + index];
  }

  void word(int bitmap, int index, long value) {
    pieces[bitmap >>> PIECE_SHIFT][(bitmap & (PIECE - 1)) + index] = value;
  }

  /** {@return the words that bitmaps take} */
  synchronized long takenWords() {
    return taken;
  }

  /** {@return the words of all pieces} */
  synchronized long heldWords() {
    return (long) pieces.length * PIECE;
  }

  /**
   * Counts the free words anew.
   *
   * @return the number of facts compared
   * @throws CorruptionException if a free run is listed wrongly or words are missing
   */
  synchronized long checkInvariants() {
    long words = 0;
    long runs = 0;
    for (int order = 0; order <= PIECE_SHIFT; order++) {
      for (int run = heads[order]; run != NONE; run = PageMeta.next(word(run, 0))) {
        if (free[run] != order + 1 || (run & ((1 << order) - 1)) != 0) {
          throw new CorruptionException(
              "heap.zone: free bitmap %d of order %d is marked %d"
                  .formatted(run, order, free[run]));
        }
        words += 1L << order;
        runs++;
      }
    }
    long expected = pieces.length == 0 ? 0 : heldWords() - taken - 1;
    if (words != expected) {
      throw new CorruptionException(
          "heap.zone: %d words of bitmaps are free, expected %d".formatted(words, expected));
    }
    return runs + 1;
  }
}
