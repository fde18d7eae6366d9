package physmem.bitmap;

import static physmem.bitmap.Bits.WORD;

/** Looks for aligned blocks of free frames. Not safe for use by several threads. */
final class BlockSearch {
  private static final int WORD_ORDER = 6;
  private static final long[] ALIGNED = {
    -1L,
    0x5555_5555_5555_5555L,
    0x1111_1111_1111_1111L,
    0x0101_0101_0101_0101L,
    0x0001_0001_0001_0001L,
    0x0000_0001_0000_0001L,
    1L
  };

  private final Bits free;
  private long words;

  BlockSearch(Bits free) {
    this.free = free;
  }

  /** {@return how many words were looked at so far} */
  long words() {
    return words;
  }

  /** {@return the first bit of the first free block from one on and before a limit, or NONE} */
  long find(int order, long from, long limit) {
    return order <= WORD_ORDER ? findInWord(order, from, limit) : findWords(order, from, limit);
  }

  private long findInWord(int order, long from, long limit) {
    for (long at = from; at < limit; at = (at | WORD - 1) + 1) {
      words++;
      long word = free.word(at / WORD) & (-1L << at);
      long blocks = word == 0 ? 0 : blocks(word, order);
      if (blocks != 0) {
        long found = (at & -WORD) + Long.numberOfTrailingZeros(blocks);
        return found + (1L << order) <= limit ? found : Stretches.NONE;
      }
    }
    return Stretches.NONE;
  }

  /** {@return the first bits of the aligned blocks whose bits are all set in a word} */
  static long blocks(long word, int order) {
    long runs = word;
    for (int i = 0; i < order; i++) {
      runs &= runs >>> (1 << i);
    }
    return runs & ALIGNED[order];
  }

  private long findWords(int order, long from, long limit) {
    long size = 1L << order;
    for (long at = from + size - 1 & -size; at + size <= limit; at += size) {
      if (isFree(at, size)) {
        return at;
      }
    }
    return Stretches.NONE;
  }

  private boolean isFree(long from, long size) {
    for (long at = from; at < from + size; at += WORD) {
      words++;
      if (free.word(at / WORD) != -1) {
        return false;
      }
    }
    return true;
  }
}
