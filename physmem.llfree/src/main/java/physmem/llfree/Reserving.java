package physmem.llfree;

import static physmem.llfree.Layout.MAX_ORDER;
import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_FRAMES;

import java.util.concurrent.atomic.LongAdder;

/**
 * Reserves trees for CPUs, by the policy and with the constants of the paper's artifact: a partly
 * used tree or a free one near the last, else a partly used one anywhere, else a free one, else any
 * that has enough; a free one first if the last tree had its free frames scattered. A tree is tried
 * at once: it is kept only if it has the block. Safe for use by several threads.
 */
final class Reserving {
  private static final int LINE_TREES = 64 / Integer.BYTES; // trees whose counts share a cache line
  private static final int VICINITY = 4; // near is one such part of the trees that a CPU might have

  private final Trees trees;
  private final Lower lower;
  private final Reservations reservations;
  private final int almostAllocated;
  private final int almostFree;
  final LongAdder reserves = new LongAdder();
  final LongAdder retries = new LongAdder();

  Reserving(Trees trees, Lower lower, Reservations reservations) {
    this.trees = trees;
    this.lower = lower;
    this.reservations = reservations;
    this.almostAllocated = Math.min(1 << MAX_ORDER, trees.frames() / VICINITY);
    this.almostFree = trees.frames() - almostAllocated;
  }

  /** {@return the count below which a tree is not worth reserving: 1024, or less in small trees} */
  int almostAllocated() {
    return almostAllocated;
  }

  long firstWord(int tree) {
    return (long) tree * trees.frames() / WORD_FRAMES;
  }

  /**
   * Reserves a tree and allocates from it.
   *
   * @param line the reservation to replace
   * @param zone where
   * @param parts among how many CPUs the zone's trees are shared
   * @param start the tree to begin at
   * @param order of the block
   * @param fragmented whether the last tree had enough free frames but no block
   * @return the block's first slot, or NONE
   */
  long take(long line, Zone zone, int parts, int start, int order, boolean fragmented) {
    long slot = fragmented ? NONE : takePartial(line, zone, parts, start, order);
    if (slot == NONE) {
      slot = takeLinear(line, zone, start, order, almostFree);
    }
    if (slot == NONE && fragmented) {
      slot = takePartial(line, zone, parts, start, order);
    }
    return slot == NONE ? takeAny(line, zone, start, order) : slot;
  }

  /** Reserves any tree of a zone that has a block; {@return its first slot, or NONE} */
  long takeAny(long line, Zone zone, int start, int order) {
    return takeLinear(line, zone, start, order, 1 << order);
  }

  private long takeLinear(long line, Zone zone, int start, int order, int least) {
    int first = zone.firstTree();
    for (int i = 0; i < zone.trees(); i++) {
      int tree = first + (start - first + i) % zone.trees();
      long slot = takeIn(line, tree, order, least, Integer.MAX_VALUE);
      if (slot != NONE) {
        return slot;
      }
    }
    return NONE;
  }

  private long takePartial(long line, Zone zone, int parts, int start, int order) {
    int count = zone.trees();
    int near = Math.max(count / parts / VICINITY, 1);
    int place = Layout.roundDownInt(start - zone.firstTree() + count, LINE_TREES);
    for (int i = 1; i <= count; i++) {
      int offset = (i & 1) == 0 ? i / 2 : -(i + 1) / 2; // to both sides in turn
      int tree = zone.firstTree() + Math.floorMod(place + offset, count);
      int most = i < near ? Integer.MAX_VALUE : almostFree;
      long slot = takeIn(line, tree, order, almostAllocated, most);
      if (slot != NONE) {
        return slot;
      }
    }
    return NONE;
  }

  /** Reserves a tree if it has so many free frames, and a block among them. */
  private long takeIn(long line, int tree, int order, int least, int most) {
    int count = 1 << order;
    int free = trees.reserve(tree, Math.max(least, count), most);
    if (free < 0) {
      return NONE;
    }
    long slot = lower.take(firstWord(tree), order);
    if (slot == NONE) {
      retries.increment();
      trees.release(tree, free);
      return NONE;
    }
    install(line, slot / WORD_FRAMES, free - count);
    return slot;
  }

  /** Reserves a tree into which a CPU has freed much, if it is worth it and still to be had. */
  boolean reserve(long line, int tree) {
    int free = trees.reserve(tree, almostAllocated, Integer.MAX_VALUE);
    if (free >= 0) {
      install(line, firstWord(tree), free);
    }
    return free >= 0;
  }

  private void install(long line, long word, int free) {
    reserves.increment();
    end(reservations.exchange(line, word, free));
  }

  /** Ends a reservation that was replaced. */
  void end(long old) {
    if (Reservations.exists(old)) {
      trees.release(reservations.tree(old), Reservations.free(old));
    }
  }
}
