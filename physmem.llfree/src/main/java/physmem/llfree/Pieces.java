package physmem.llfree;

import static physmem.llfree.Layout.BUSY;
import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_WORDS;
import static physmem.llfree.Layout.CONT;
import static physmem.llfree.Layout.HUGE;
import static physmem.llfree.Layout.TOUCHED;
import static physmem.llfree.Layout.WORD_FRAMES;

import allocator.api.MisuseException;

/**
 * Allocates, frees and examines parts of a child by their place. A piece is a run of slots within
 * one child. Counts of trees are the caller's. Safe for use by several threads.
 */
final class Pieces {
  private static final int IN_CHILD = CHILD_FRAMES - 1;
  private static final int IN_WORD = WORD_FRAMES - 1;

  private final Words words;
  private final Children children;

  Pieces(Words words, Children children) {
    this.words = words;
    this.children = children;
  }

  static int childOf(long slot) {
    return (int) (slot / CHILD_FRAMES);
  }

  /** {@return the end of the piece that begins at a slot: the child's end or the limit} */
  static long pieceEnd(long slot, long limit) {
    return Math.min(limit, (slot | IN_CHILD) + 1);
  }

  private static boolean isWhole(long from, long to) {
    return to - from == CHILD_FRAMES;
  }

  private static int maskIn(long from, long to) {
    int bit = (int) from & IN_WORD;
    return Words.mask(bit, (int) Math.min(to - from, WORD_FRAMES - bit));
  }

  private static long wordEnd(long slot, long limit) {
    return Math.min(limit, (slot | IN_WORD) + 1);
  }

  /** {@return the state of a slot: one of those of {@link Layout}} */
  int state(long slot) {
    int entry = children.at(childOf(slot));
    if (!Children.isWhole(entry)) {
      return Words.state(words.at(slot / WORD_FRAMES), (int) slot & IN_WORD);
    }
    if (!Children.isHuge(entry)) {
      return Layout.FOREIGN;
    }
    boolean head = (slot & IN_CHILD) == 0 && (entry & CONT) == 0;
    return head ? Layout.HEAD : Layout.INNER;
  }

  /** {@return whether one compare-and-set can take or give the piece: a child or within a word} */
  static boolean isAtOnce(long from, long to) {
    return isWhole(from, to) && (from & IN_CHILD) == 0 || wordEnd(from, to) == to;
  }

  /**
   * Allocates a piece.
   *
   * @param first what its first slot is to be: head, inner or pending
   * @return whether all of its slots were free
   */
  boolean take(long from, long to, int first) {
    int child = childOf(from);
    if (isWhole(from, to)) {
      return children.takeWhole(child, first);
    }
    int count = (int) (to - from);
    if (!children.take(child, count)) {
      return false;
    }
    for (long at = from; at < to; at = wordEnd(at, to)) {
      int mask = maskIn(at, to);
      if (!words.takeMask(
          at / WORD_FRAMES, mask, Words.bits(mask, at == from ? first : Layout.INNER))) {
        clear(from, at, first == Layout.FOREIGN);
        children.give(child, count);
        return false;
      }
    }
    return true;
  }

  /** {@return whether a piece of a live range could be freed at once, and was} */
  boolean giveAtOnce(long from, long to) {
    int child = childOf(from);
    while (Children.isHuge(children.at(child))) {
      if (isWhole(from, to) && children.giveWhole(child)) {
        return true;
      }
      open(child);
    }
    if (wordEnd(from, to) != to) {
      return false;
    }
    clear(from, to, false);
    children.give(child, (int) (to - from));
    return true;
  }

  /**
   * Begins to free a range: makes it pending. From here on nobody else can free it, and whoever
   * recovers frees the rest.
   *
   * @param from the range's first slot
   * @param to the end of its first piece
   * @return whether the slot was allocated
   */
  boolean suspend(long from, long to) {
    int child = childOf(from);
    while (Children.isHuge(children.at(child))) {
      if (isWhole(from, to) && children.suspend(child)) {
        return true;
      }
      open(child);
    }
    return words.suspend(from / WORD_FRAMES, (int) from & IN_WORD);
  }

  /** Makes the pending range that begins at a slot live. */
  void settle(long slot) {
    int child = childOf(slot);
    if (Children.isPending(children.at(child))) {
      children.settle(child);
    } else {
      words.settle(slot / WORD_FRAMES, (int) slot & IN_WORD);
    }
  }

  /**
   * Frees a piece all of whose slots are allocated, but for the first one of a pending range.
   *
   * @param pending whether a pending range begins with the piece
   * @throws MisuseException if another thread frees it at the same time
   */
  void give(long from, long to, boolean pending) {
    int child = childOf(from);
    while (Children.isHuge(children.at(child))) {
      if (isWhole(from, to) && children.giveWhole(child)) {
        return;
      }
      open(child);
    }
    if (pending && isWhole(from, to) && children.givePending(child)) {
      return;
    }
    clear(from, to, pending);
    children.give(child, (int) (to - from));
  }

  /** Clears bits from the last word to the first, which stands for the whole until the end. */
  private void clear(long from, long to, boolean pending) {
    for (long end = to; end > from; ) {
      long begin = Math.max(from, (end - 1) & -WORD_FRAMES);
      int mask = maskIn(begin, end);
      int head = pending && begin == from ? Integer.lowestOneBit(mask) : 0;
      if (!words.giveMask(begin / WORD_FRAMES, mask, head)) {
        throw new MisuseException(
            "a range was freed by two threads at once; slots [0x%x, 0x%x)".formatted(begin, end));
      }
      end = begin;
    }
  }

  /** Makes a frame in the middle of a range the first of a range of its own. */
  void cut(long slot) {
    int child = childOf(slot);
    while (true) {
      int entry = children.at(child);
      if (!Children.isHuge(entry)) {
        words.cut(slot / WORD_FRAMES, (int) slot & IN_WORD);
        return;
      }
      boolean atEdge = (slot & IN_CHILD) == 0;
      if (atEdge && (entry & BUSY) == 0) {
        if ((entry & CONT) == 0 || children.swap(child, entry, entry & ~CONT)) {
          return;
        }
      } else {
        open(child);
      }
    }
  }

  /** Turns a child that is allocated as a whole into one whose words say so. Waits for others. */
  private void open(int child) {
    int entry = children.at(child);
    if (!Children.isHuge(entry)) {
      return;
    }
    if ((entry & BUSY) != 0) {
      Thread.onSpinWait();
      return;
    }
    if (children.swap(child, entry, entry | BUSY)) {
      long first = (long) child * CHILD_WORDS;
      words.put(first, (entry & CONT) == 0 ? Words.HEAD_WORD : Words.INNER_WORD);
      for (int i = 1; i < CHILD_WORDS; i++) {
        words.put(first + i, Words.INNER_WORD);
      }
      children.swap(child, entry | BUSY, entry & ~(HUGE | CONT) | TOUCHED);
    }
  }

  /** {@return the first slot of a run that is not allocated, or the end} */
  long firstNotAllocated(long from, long to) {
    for (long at = from; at < to; ) {
      int entry = children.at(childOf(at));
      if (Children.isHuge(entry)) {
        at = pieceEnd(at, to);
        continue;
      }
      int mask = maskIn(at, to);
      int missing = Children.isWhole(entry) ? mask : mask & ~Words.allocated(word(at));
      if (missing != 0) {
        return (at & -WORD_FRAMES) + Integer.numberOfTrailingZeros(missing);
      }
      at = wordEnd(at, to);
    }
    return to;
  }

  private long word(long slot) {
    return words.at(slot / WORD_FRAMES);
  }

  /** {@return the first slot of a run at which a range begins, or the end} */
  long firstHead(long from, long to) {
    for (long at = from; at < to; ) {
      int entry = children.at(childOf(at));
      if (Children.isHuge(entry)) {
        if ((at & IN_CHILD) == 0 && (entry & CONT) == 0) {
          return at;
        }
        at = pieceEnd(at, to);
        continue;
      }
      int heads = Children.isWhole(entry) ? 0 : maskIn(at, to) & Words.heads(word(at));
      if (heads != 0) {
        return (at & -WORD_FRAMES) + Integer.numberOfTrailingZeros(heads);
      }
      at = wordEnd(at, to);
    }
    return to;
  }

  /** {@return the first slot of a managed run at which a pending range begins, or the end} */
  long firstPending(long from, long to) {
    for (long at = from; at < to; ) {
      int entry = children.at(childOf(at));
      if (Children.isPending(entry)) {
        return at;
      }
      if (Children.isFree(entry) || Children.isWhole(entry)) {
        at = pieceEnd(at, to);
        continue;
      }
      long value = word(at);
      int bits = maskIn(at, to) & Words.heads(value) & ~Words.allocated(value);
      if (bits != 0) {
        return (at & -WORD_FRAMES) + Integer.numberOfTrailingZeros(bits);
      }
      at = wordEnd(at, to);
    }
    return to;
  }

  /** {@return the first slot of a run that is not free, or the end} */
  long firstNotFree(long from, long to) {
    return first(from, to, false);
  }

  /** {@return the first slot of a run that is free, or the end} */
  long firstFree(long from, long to) {
    return first(from, to, true);
  }

  private long first(long from, long to, boolean free) {
    for (long at = from; at < to; ) {
      int entry = children.at(childOf(at));
      boolean allFree = Children.isFree(entry);
      if (allFree || Children.isWhole(entry)) {
        if (allFree == free) {
          return at;
        }
        at = pieceEnd(at, to);
        continue;
      }
      int bits = maskIn(at, to) & (free ? Words.free(word(at)) : ~Words.free(word(at)));
      if (bits != 0) {
        return (at & -WORD_FRAMES) + Integer.numberOfTrailingZeros(bits);
      }
      at = wordEnd(at, to);
    }
    return to;
  }

  /** Allocates a piece while nobody else is at work; {@return false if it was not all free} */
  boolean mark(long from, long to, boolean head) {
    int child = childOf(from);
    if (isWhole(from, to)) {
      return children.mark(child, head ? HUGE : HUGE | CONT);
    }
    return marked(child, (int) (to - from)) && markBits(from, to, head);
  }

  private boolean marked(int child, int count) {
    int entry = children.plainAt(child);
    if (Children.used(entry) + count > CHILD_FRAMES) {
      return false;
    }
    children.put(child, entry + count | TOUCHED);
    return true;
  }

  private boolean markBits(long from, long to, boolean head) {
    boolean first = head;
    for (long at = from; at < to; at = wordEnd(at, to)) {
      int mask = maskIn(at, to);
      long bits = Words.join(mask, first ? Integer.lowestOneBit(mask) : 0);
      if (!words.mark(at / WORD_FRAMES, mask, bits)) {
        return false;
      }
      first = false;
    }
    return true;
  }

  /** Allocates a free piece as one block, or as single frames if it is no whole child. */
  void markBlocks(long from, long to) {
    if (isWhole(from, to)) {
      mark(from, to, true);
      return;
    }
    for (long at = from; at < to; at++) {
      mark(at, at + 1, true);
    }
  }

  /** Declares a piece foreign while nobody else is at work. */
  void ban(long from, long to) {
    int child = childOf(from);
    if (isWhole(from, to)) {
      children.mark(child, Layout.ABSENT);
      return;
    }
    marked(child, (int) (to - from));
    for (long at = from; at < to; at = wordEnd(at, to)) {
      int mask = maskIn(at, to);
      words.mark(at / WORD_FRAMES, mask, Words.join(0, mask));
    }
  }
}
