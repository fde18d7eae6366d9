package physmem.llfree;

import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CONT;
import static physmem.llfree.Layout.MAX_ORDER;
import static physmem.llfree.Layout.WORD_FRAMES;

import allocator.api.CorruptionException;
import allocator.api.RangeVisitor;
import physmem.api.FrameFlags;

/**
 * Shows the live ranges in rising order: each goes from its head to the next head or the next frame
 * that is not allocated. For one walk by one thread while no hot call is under way.
 */
final class LiveWalk {
  private final RamMap map;
  private final Words words;
  private final Children children;
  private final RangeVisitor visitor;
  private long base;
  private long end; // equal to base while no range is open
  private boolean across; // whether a stretch begins where the open range ends
  private boolean split; // whether the open range goes across stretches
  private boolean stopped;

  LiveWalk(Machine machine, RangeVisitor visitor) {
    this.map = machine.map();
    this.words = machine.words();
    this.children = machine.children();
    this.visitor = visitor;
  }

  void run() {
    for (int stretch = 0; stretch < map.stretches() && !stopped; stretch++) {
      walk(map.startOf(stretch), map.endOf(stretch), map.shiftOf(stretch));
    }
    close();
  }

  private void walk(long from, long to, long shift) {
    across = end == from && end > base;
    for (long at = from; at < to && !stopped; ) {
      long limit = Pieces.pieceEnd(at + shift, to + shift) - shift;
      int entry = children.at(Pieces.childOf(at + shift));
      if (Children.isHuge(entry)) {
        take(at, CHILD_FRAMES, (entry & CONT) == 0);
      } else if (!Children.isWhole(entry) && !Children.isFree(entry)) {
        walkWords(at, limit, shift);
      }
      at = limit;
    }
  }

  private void walkWords(long from, long to, long shift) {
    for (long at = from; at < to && !stopped; ) {
      long slot = at + shift;
      int bit = (int) slot & (WORD_FRAMES - 1);
      long limit = Math.min(to, at - bit + WORD_FRAMES);
      long value = words.at(slot / WORD_FRAMES);
      int mask = Words.mask(bit, (int) (limit - at));
      walkWord(at - bit, Words.allocated(value) & mask, Words.heads(value));
      at = limit;
    }
  }

  /** Takes the ranges of a word whose first frame is given, from the lowest bit to the highest. */
  private void walkWord(long first, int allocated, int heads) {
    int rest = allocated;
    while (rest != 0 && !stopped) {
      int bit = Integer.numberOfTrailingZeros(rest);
      int behind = bit == WORD_FRAMES - 1 ? 0 : (~allocated | heads) & (-2 << bit);
      int next = behind == 0 ? WORD_FRAMES : Integer.numberOfTrailingZeros(behind);
      take(first + bit, next - bit, (heads >>> bit & 1) != 0);
      rest &= next == WORD_FRAMES ? 0 : -1 << next;
    }
  }

  private void take(long frame, int count, boolean head) {
    if (head) {
      close();
      base = frame;
      split = false;
    } else if (frame != end || end == base) {
      throw new CorruptionException(
          "frame 0x%x goes on a range, but frame 0x%x before it is not allocated"
              .formatted(frame, frame - 1));
    } else {
      split |= across;
    }
    across = false;
    end = frame + count;
  }

  private void close() {
    if (end > base && !stopped) {
      stopped = !visitor.visit(base, end - base, FrameFlags.attributes(order(), 0));
    }
    base = end;
  }

  private int order() {
    long size = end - base;
    boolean block =
        !split && Long.bitCount(size) == 1 && size <= 1L << MAX_ORDER && (base & size - 1) == 0;
    return block ? Long.numberOfTrailingZeros(size) : FrameFlags.RUN;
  }
}
