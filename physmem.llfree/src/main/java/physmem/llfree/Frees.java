package physmem.llfree;

import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_ORDER;
import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_FRAMES;
import static physmem.llfree.Layout.WORD_ORDER;

import allocator.api.MisuseException;

/**
 * Frees blocks and runs, after it has seen that they are live. A block up to order 5 is checked and
 * freed by the same compare-and-set, so even two frees at the same instant are told apart. Safe for
 * use by several threads.
 */
final class Frees {
  private static final int IN_WORD = WORD_FRAMES - 1;

  private final RamMap map;
  private final Upper upper;
  private final Words words;
  private final Children children;
  private final Pieces pieces;

  Frees(RamMap map, Upper upper, Lower lower) {
    this.map = map;
    this.upper = upper;
    this.words = lower.words();
    this.children = lower.children();
    this.pieces = new Pieces(words, children);
  }

  /**
   * Frees a block.
   *
   * @throws MisuseException if no such block is live
   */
  void free(int cpu, long frame, int order) {
    int stretch = stretchOf(frame, order);
    long slot = frame + map.shiftOf(stretch);
    if (order <= WORD_ORDER) {
      freeBits(frame, slot, order);
    } else {
      freeLarge(frame, slot, order);
    }
    int zone = map.zoneOf(stretch);
    upper.give(zone, cpu, slot, 1 << order);
    upper.countFrees(zone, cpu, 1);
  }

  private int stretchOf(long frame, int order) {
    int stretch = order < 0 || order > Layout.MAX_ORDER ? -1 : map.stretchOf(frame);
    if (stretch < 0 || (frame & (1L << order) - 1) != 0) {
      throw misuse(frame, order, stretch < 0 ? NONE : frame + map.shiftOf(stretch));
    }
    return stretch;
  }

  private void freeBits(long frame, long slot, int order) {
    int child = Pieces.childOf(slot);
    int mask = Words.mask((int) slot & IN_WORD, 1 << order);
    long word = slot / WORD_FRAMES;
    while (true) {
      long now = words.at(word);
      if (!isBlock(now, mask) || Children.isWhole(children.at(child))) {
        throw misuse(frame, order, slot);
      }
      if (goesOn(now, slot, frame, order)) {
        throw misuse(frame, order, slot);
      }
      if (words.swap(word, now, now & ~Words.join(mask, mask))) {
        children.give(child, 1 << order);
        return;
      }
    }
  }

  /** {@return whether all frames of the mask are allocated and only the lowest is a head} */
  private static boolean isBlock(long value, int mask) {
    return (Words.allocated(value) & mask) == mask
        && (Words.heads(value) & mask) == Integer.lowestOneBit(mask);
  }

  /** {@return whether a range goes on behind a block that the word holds} */
  private boolean goesOn(long value, long slot, long frame, int order) {
    int next = ((int) slot & IN_WORD) + (1 << order);
    if (next < WORD_FRAMES) {
      int state = Words.state(value, next);
      if (state != Layout.FOREIGN) {
        return state == Layout.INNER;
      }
    }
    return goesOn(frame + (1L << order));
  }

  /** {@return whether a frame belongs to a range that began before it} */
  private boolean goesOn(long frame) {
    long slot = map.slotOf(frame);
    return slot != NONE && pieces.state(slot) == Layout.INNER;
  }

  private void freeLarge(long frame, long slot, int order) {
    if (!isLiveLarge(frame, slot, order)) {
      throw misuse(frame, order, slot);
    }
    long end = slot + (1L << order);
    boolean freed =
        order > CHILD_ORDER
            ? children.givePair(Pieces.childOf(slot))
            : order == CHILD_ORDER && pieces.giveAtOnce(slot, end);
    if (!freed) {
      if (!pieces.suspend(slot, Pieces.pieceEnd(slot, end))) {
        throw misuse(frame, order, slot);
      }
      clear(slot, end);
    }
  }

  /** Clears the slots of a pending block, from the last piece to the first. */
  private void clear(long slot, long end) {
    for (long to = end; to > slot; ) {
      long from = Math.max(slot, (to - 1) & -CHILD_FRAMES);
      pieces.give(from, to, from == slot);
      to = from;
    }
  }

  /** {@return whether a block was live and is pending now} */
  boolean suspend(long frame, int order) {
    if (!isLive(frame, order)) {
      return false;
    }
    long slot = map.slotOf(frame);
    return order <= WORD_ORDER
        ? suspendBits(frame, slot, order)
        : pieces.suspend(slot, Pieces.pieceEnd(slot, slot + (1L << order)));
  }

  private boolean suspendBits(long frame, long slot, int order) {
    int bit = (int) slot & IN_WORD;
    int mask = Words.mask(bit, 1 << order);
    long word = slot / WORD_FRAMES;
    while (true) {
      long now = words.at(word);
      if (!isBlock(now, mask) || goesOn(now, slot, frame, order)) {
        return false;
      }
      if (words.swap(word, now, now & ~(1L << bit))) {
        return true;
      }
    }
  }

  /** Makes a pending block live again. */
  void settle(long frame) {
    pieces.settle(map.slotOf(frame));
  }

  /** Frees a pending block. */
  void freePending(int cpu, long frame, int order) {
    int stretch = map.stretchOf(frame);
    long slot = frame + map.shiftOf(stretch);
    clear(slot, slot + (1L << order));
    int zone = map.zoneOf(stretch);
    upper.give(zone, cpu, slot, 1 << order);
    upper.countFrees(zone, cpu, 1);
  }

  private boolean isLiveLarge(long frame, long slot, int order) {
    long end = slot + (1L << order);
    return pieces.state(slot) == Layout.HEAD
        && pieces.firstNotAllocated(slot, end) == end
        && pieces.firstHead(slot + 1, end) == end
        && !goesOn(frame + (1L << order));
  }

  private MisuseException misuse(long frame, int order, long slot) {
    String found = slot == NONE ? "no RAM of this engine" : describe(pieces.state(slot));
    return new MisuseException(
        "free of frame 0x%x, order %d: no such block is live; there is %s"
            .formatted(frame, order, found));
  }

  private static String describe(int state) {
    return switch (state) {
      case Layout.FREE -> "a free frame";
      case Layout.HEAD -> "the first frame of another range, or the place is not aligned";
      case Layout.INNER -> "the inside of a range";
      default -> "a frame that is not this engine's";
    };
  }

  /**
   * Frees a run.
   *
   * @throws MisuseException if a frame of it is not allocated; nothing is freed then
   */
  void freeRange(int cpu, long from, long to) {
    checkAllocated(from, to);
    if (goesOn(to)) {
      pieces.cut(map.slotOf(to));
    }
    for (long at = from; at < to; ) {
      long end = firstHead(at + 1, to);
      freeOne(cpu, at, end);
      at = end;
    }
    upper.countFrees(map.zoneOf(map.stretchOf(from)), cpu, 1);
  }

  /** {@return the first frame of a live run at which a range begins, or the end} */
  private long firstHead(long from, long to) {
    for (long at = from; at < to; ) {
      int stretch = map.stretchOf(at);
      long shift = map.shiftOf(stretch);
      long end = Math.min(to, map.endOf(stretch));
      long found = pieces.firstHead(at + shift, end + shift) - shift;
      if (found != end) {
        return found;
      }
      at = end;
    }
    return to;
  }

  /** Frees what is one range, or the last part of one. */
  private void freeOne(int cpu, long from, long to) {
    int stretch = map.stretchOf(from);
    long slot = from + map.shiftOf(stretch);
    boolean atOnce = to <= map.endOf(stretch) && Pieces.isAtOnce(slot, slot + to - from);
    if (atOnce && pieces.giveAtOnce(slot, slot + to - from)) {
      upper.give(map.zoneOf(stretch), cpu, slot, (int) (to - from));
      return;
    }
    long first = Pieces.pieceEnd(slot, Math.min(to, map.endOf(stretch)) + map.shiftOf(stretch));
    if (!pieces.suspend(slot, first)) {
      throw new MisuseException(
          "frames [0x%x, 0x%x) are being freed by two threads at once".formatted(from, to));
    }
    givePending(cpu, from, to);
  }

  /** Frees the frames of a pending range, from the last to the first; does nothing to none. */
  void givePending(int cpu, long from, long to) {
    for (long end = to; end > from; ) {
      int stretch = map.stretchOf(end - 1);
      long begin = Math.max(from, map.startOf(stretch));
      long shift = map.shiftOf(stretch);
      giveSlots(map.zoneOf(stretch), cpu, begin + shift, end + shift, from + shift);
      end = begin;
    }
  }

  private void checkAllocated(long from, long to) {
    for (long at = from; at < to; ) {
      int stretch = map.stretchOf(at);
      long end = stretch < 0 ? at : Math.min(to, map.endOf(stretch));
      long shift = stretch < 0 ? 0 : map.shiftOf(stretch);
      long bad = stretch < 0 ? at : pieces.firstNotAllocated(at + shift, end + shift) - shift;
      if (bad != end || stretch < 0) {
        throw new MisuseException(
            "free of frames [0x%x, 0x%x): frame 0x%x is not allocated".formatted(from, to, bad));
      }
      at = end;
    }
  }

  /** Frees slots of one zone, from the last piece to the first; one of them may be pending. */
  private void giveSlots(int zone, int cpu, long from, long to, long pending) {
    for (long end = to; end > from; ) {
      long begin = Math.max(from, (end - 1) & -CHILD_FRAMES);
      pieces.give(begin, end, begin == pending);
      upper.give(zone, cpu, begin, (int) (end - begin));
      end = begin;
    }
  }

  /** {@return whether a block is live, as far as one can see} */
  boolean isLive(long frame, int order) {
    int stretch = order < 0 || order > Layout.MAX_ORDER ? -1 : map.stretchOf(frame);
    if (stretch < 0 || (frame & (1L << order) - 1) != 0) {
      return false;
    }
    long slot = frame + map.shiftOf(stretch);
    return order <= WORD_ORDER ? isLiveBits(frame, slot, order) : isLiveLarge(frame, slot, order);
  }

  private boolean isLiveBits(long frame, long slot, int order) {
    long value = words.at(slot / WORD_FRAMES);
    return isBlock(value, Words.mask((int) slot & IN_WORD, 1 << order))
        && !Children.isWhole(children.at(Pieces.childOf(slot)))
        && !goesOn(value, slot, frame, order);
  }
}
