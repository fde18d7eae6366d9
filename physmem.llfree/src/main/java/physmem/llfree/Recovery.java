package physmem.llfree;

import static physmem.llfree.Layout.BUSY;
import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.CHILD_WORDS;
import static physmem.llfree.Layout.INNER;
import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_FRAMES;

/**
 * Makes an allocator of what the lower level's metadata say: ends what was under way when it
 * stopped, corrects the counts of children, and counts trees anew. For one run by one thread, on
 * trees and reservations that are zero. May itself be stopped anywhere and run again.
 *
 * <p>A call that was under way has happened or has not: a pending range is freed, be it half made
 * or half freed. It goes on to the last inner frame behind its first.
 */
final class Recovery {
  /**
   * What was found.
   *
   * @param children children that were looked into
   * @param skipped children that are free by their entry, so that their words are zero
   * @param counts children whose count had to be corrected
   * @param opened children of a live range that were about to be cut; they are whole again
   * @param pending ranges that were being made or freed; they are free
   * @param frames frames of those
   * @param free frames that are free now
   */
  record Findings(
      int children, int skipped, int counts, int opened, int pending, long frames, long free) {}

  private final RamMap map;
  private final Words words;
  private final Children children;
  private final Pieces pieces;
  private final Trees trees;
  private int skipped;
  private int counts;
  private int opened;
  private int pending;
  private long frames;

  Recovery(Machine machine) {
    this.map = machine.map();
    this.words = machine.words();
    this.children = machine.children();
    this.pieces = machine.pieces();
    this.trees = machine.trees();
  }

  /** {@return what was found after a crash; everything is right now} */
  Findings repair() {
    for (int child = 0; child < children(); child++) {
      close(child);
    }
    map.managed().forEach(span -> dropIn(span.from(), span.to()));
    long used = 0;
    for (int child = 0; child < children(); child++) {
      used += recount(child);
    }
    return findings(used);
  }

  /** {@return what there is after an orderly end, by the counts of children alone} */
  Findings trust() {
    long used = 0;
    for (int child = 0; child < children(); child++) {
      used += count(child, Children.used(children.plainAt(child)));
    }
    return findings(used);
  }

  private Findings findings(long used) {
    int seen = children() - skipped;
    return new Findings(seen, skipped, counts, opened, pending, frames, map.slots() - used);
  }

  private int children() {
    return (int) (map.slots() / CHILD_FRAMES);
  }

  private int count(int child, int used) {
    trees.mark((int) ((long) child * CHILD_FRAMES / map.treeFrames()), used);
    return used;
  }

  /** Makes a child whole again whose words were being written. */
  private void close(int child) {
    int entry = children.plainAt(child);
    if ((entry & BUSY) != 0) {
      opened++;
      for (int i = 0; i < CHILD_WORDS; i++) {
        words.put((long) child * CHILD_WORDS + i, 0);
      }
      children.put(child, entry & ~BUSY);
    }
  }

  /** Frees the pending ranges that begin in a run of managed frames. */
  private void dropIn(long from, long to) {
    for (long at = from; at < to; ) {
      int stretch = map.stretchOf(at);
      long shift = map.shiftOf(stretch);
      long end = Math.min(to, map.endOf(stretch));
      long found = pieces.firstPending(at + shift, end + shift) - shift;
      at = found == end ? end : drop(found);
    }
  }

  /** Frees a pending range, from the last piece to the first; {@return the frame behind it} */
  private long drop(long first) {
    long limit = rangeEnd(first);
    for (long end = limit; end > first; ) {
      int stretch = map.stretchOf(end - 1);
      long shift = map.shiftOf(stretch);
      long child = (end - 1 + shift & -CHILD_FRAMES) - shift;
      long begin = Math.max(first, Math.max(map.startOf(stretch), child));
      pieces.give(begin + shift, end + shift, begin == first);
      end = begin;
    }
    pending++;
    frames += limit - first;
    return limit;
  }

  private long rangeEnd(long first) {
    long end = first + size(map.slotOf(first));
    for (long slot = map.slotOf(end); slot != NONE && pieces.state(slot) == INNER; ) {
      end += size(slot);
      slot = map.slotOf(end);
    }
    return end;
  }

  /** {@return how many frames have one state because their child is allocated as a whole} */
  private int size(long slot) {
    return Children.isWhole(children.at(Pieces.childOf(slot))) ? CHILD_FRAMES : 1;
  }

  /** Corrects the count of a child; {@return its frames that are not free} */
  private int recount(int child) {
    int entry = children.plainAt(child);
    if (Children.isFree(entry)) {
      skipped++; // a count is raised before the first bit is set and lowered after the last
      return 0;
    }
    int used = Children.isWhole(entry) ? CHILD_FRAMES : usedIn(child);
    if (used != Children.used(entry)) {
      counts++;
      children.put(child, entry - Children.used(entry) + used);
    }
    return count(child, used);
  }

  private int usedIn(int child) {
    int used = 0;
    for (int i = 0; i < CHILD_WORDS; i++) {
      long value = words.at((long) child * CHILD_WORDS + i);
      used += WORD_FRAMES - Integer.bitCount(Words.free(value));
    }
    return used;
  }
}
