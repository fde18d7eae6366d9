package physmem.llfree;

import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_ORDER;
import static physmem.llfree.Layout.CHILD_WORDS;
import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_FRAMES;
import static physmem.llfree.Layout.WORD_ORDER;

/**
 * The lower allocator: finds blocks inside a tree, by slots. The caller has taken the frames off
 * the tree's count before, so that a failure here means scattered frames and not exhaustion. Safe
 * for use by several threads.
 */
final class Lower {
  private static final int RETRIES = 4; // others may move frames past the search
  private static final int ROW_ORDER = 6; // the original's words have 64 frames
  private final Words words;
  private final Children children;
  private final int treeChildren;

  /**
   * Makes the allocator.
   *
   * @param words the bit fields
   * @param children the entries
   * @param treeChildren children of a tree, a power of two
   */
  Lower(Words words, Children children, int treeChildren) {
    this.words = words;
    this.children = children;
    this.treeChildren = treeChildren;
  }

  Words words() {
    return words;
  }

  Children children() {
    return children;
  }

  /**
   * Allocates a block.
   *
   * @param hint index of the word at which to begin; tells the tree
   * @param order 0 to 10
   * @return the first slot, or NONE
   */
  long take(long hint, int order) {
    for (int i = 0; i < RETRIES; i++) {
      long slot = takeOnce(hint, order);
      if (slot != NONE) {
        return slot;
      }
    }
    return NONE;
  }

  private long takeOnce(long hint, int order) {
    int child = (int) (hint / CHILD_WORDS);
    int first = child & -treeChildren;
    int step = order > CHILD_ORDER ? 2 : 1;
    int place = child - first & -step;
    for (int i = 0; i < treeChildren; i += step) {
      int candidate = first + (place + i & treeChildren - 1);
      long slot = takeIn(candidate, i == 0 ? (int) (hint % CHILD_WORDS) : 0, order);
      if (slot != NONE) {
        return slot;
      }
    }
    return NONE;
  }

  private long takeIn(int child, int from, int order) {
    if (order >= CHILD_ORDER) {
      boolean taken =
          order == CHILD_ORDER ? children.takeWhole(child, Layout.HEAD) : children.takePair(child);
      return taken ? (long) child * CHILD_FRAMES : NONE;
    }
    if (!children.take(child, 1 << order)) {
      return NONE;
    }
    long slot = order <= WORD_ORDER ? takeBits(child, from, order) : takeWords(child, from, order);
    if (slot == NONE) {
      children.give(child, 1 << order);
    }
    return slot;
  }

  private long takeBits(int child, int from, int order) {
    long first = (long) child * CHILD_WORDS;
    for (int i = 0; i < CHILD_WORDS; i++) {
      long word = first + (from + i & CHILD_WORDS - 1);
      int starts = words.take(word, order, 1);
      if (starts != 0) {
        return word * WORD_FRAMES + Integer.numberOfTrailingZeros(starts);
      }
    }
    return NONE;
  }

  private long takeWords(int child, int from, int order) {
    int length = 1 << (order - WORD_ORDER);
    int start = order == ROW_ORDER ? from & -length : 0;
    for (int i = 0; i < CHILD_WORDS; i += length) {
      long word = (long) child * CHILD_WORDS + (start + i & CHILD_WORDS - 1);
      if (takeWords(word, length)) {
        return word * WORD_FRAMES;
      }
    }
    return NONE;
  }

  /** Takes words as a pending block, which becomes live when it is whole. */
  private boolean takeWords(long first, int length) {
    for (int i = 0; i < length; i++) {
      if (!words.swap(first + i, 0, i == 0 ? Words.PENDING_WORD : Words.INNER_WORD)) {
        for (int back = i - 1; back >= 0; back--) {
          words.put(first + back, 0); // nobody else changes frames that are not his
        }
        return false;
      }
    }
    words.put(first, Words.HEAD_WORD);
    return true;
  }

  /**
   * Allocates many blocks of an order up to 5.
   *
   * @param hint index of the word at which to begin; tells the tree
   * @param into receives first slots plus shift
   * @return how many
   */
  int takeMany(long hint, int order, long shift, long[] into, int from, int count) {
    int child = (int) (hint / CHILD_WORDS);
    int first = child & -treeChildren;
    int got = 0;
    for (int i = 0; i < treeChildren && got < count; i++) {
      int candidate = first + (child + i & treeChildren - 1);
      int start = i == 0 ? (int) (hint % CHILD_WORDS) : 0;
      got += manyIn(candidate, start, order, shift, into, from + got, count - got);
    }
    return got;
  }

  private int manyIn(
      int child, int start, int order, long shift, long[] into, int from, int count) {
    int wanted = Math.min(count, CHILD_FRAMES) << order;
    int room = children.takeUpTo(child, wanted, 1 << order) >>> order;
    int got = 0;
    for (int i = 0; i < CHILD_WORDS && got < room; i++) {
      long word = (long) child * CHILD_WORDS + (start + i & CHILD_WORDS - 1);
      int starts = words.take(word, order, room - got);
      for (; starts != 0; starts &= starts - 1) {
        into[from + got++] = word * WORD_FRAMES + Integer.numberOfTrailingZeros(starts) + shift;
      }
    }
    if (got < room) {
      children.give(child, room - got << order);
    }
    return got;
  }
}
