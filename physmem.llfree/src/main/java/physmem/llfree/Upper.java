package physmem.llfree;

import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_ORDER;

import java.util.concurrent.atomic.LongAdder;

/**
 * The upper allocator: which tree serves a CPU. Frames are taken off a count first, a CPU's own or
 * a tree's, and then found by the {@link Lower} one. Safe for use by several threads, also with the
 * same CPU.
 */
final class Upper {
  private static final int RETRIES = 4; // how often a count is added to before another tree is due

  private final RamMap map;
  private final Trees trees;
  private final Lower lower;
  private final Reservations reservations;
  private final Reserving reserving;
  private final boolean reserve;
  final LongAdder steals = new LongAdder();

  Upper(RamMap map, Trees trees, Lower lower, Reservations reservations, boolean reserve) {
    this.map = map;
    this.trees = trees;
    this.lower = lower;
    this.reservations = reservations;
    this.reserving = new Reserving(trees, lower, reservations);
    this.reserve = reserve;
  }

  Reserving reserving() {
    return reserving;
  }

  /** {@return the first slot of a block in a zone, or NONE} */
  long take(int zone, int cpu, int order, boolean gentle) {
    long slot = reserve ? takeReserved(zone, cpu, order) : takeDirect(zone, cpu, order);
    if (slot == NONE && reserve && !gentle) {
      slot = drainAndTake(zone, cpu, order);
    }
    if (slot != NONE) {
      reservations.countAllocations(zone, cpu, 1);
    }
    return slot;
  }

  private long takeReserved(int zone, int cpu, int order) {
    long line = reservations.line(zone, cpu);
    int count = 1 << order;
    for (int attempt = 0; attempt < RETRIES; ) {
      long now = reservations.at(line);
      if (Reservations.free(now) < count) {
        if (!pull(line, now)) {
          break;
        }
        attempt++;
      } else if (reservations.swap(line, now, now - count)) {
        long slot = lower.take(Reservations.word(now), order);
        if (slot == NONE) {
          giveBack(reservations.tree(now), count);
          return renew(line, zone, cpu, order, true);
        }
        if (order <= WORD_ORDER) {
          reservations.remember(line, now - count, slot);
        }
        return slot;
      }
    }
    return renew(line, zone, cpu, order, false);
  }

  private void giveBack(int tree, int count) {
    reserving.retries.increment();
    trees.give(tree, count);
  }

  /** Adds what others freed into the reserved tree, if it is worth it. */
  private boolean pull(long line, long now) {
    if (!Reservations.exists(now)) {
      return false;
    }
    int tree = reservations.tree(now);
    int all = Reservations.free(now) + trees.free(tree);
    int got = all > reserving.almostAllocated() ? trees.pull(tree) : 0;
    if (got == 0) {
      return false;
    }
    if (!reservations.give(line, tree, got)) {
      trees.give(tree, got);
    }
    return true;
  }

  /** Reserves another tree and allocates from it. */
  private long renew(long line, int zone, int cpu, int order, boolean fragmented) {
    long now = reservations.at(line);
    int start = Reservations.exists(now) ? reservations.tree(now) : start(zone, cpu);
    int parts = reservations.parts(zone);
    return reserving.take(line, map.zones().get(zone), parts, start, order, fragmented);
  }

  /** {@return the tree at which a CPU begins: a different one for each} */
  private int start(int zone, int cpu) {
    Zone where = map.zones().get(zone);
    int parts = reservations.parts(zone);
    return where.firstTree() + where.trees() / parts * (cpu % parts);
  }

  /** Ends all reservations of a zone, which may keep the last blocks from it, and tries again. */
  private long drainAndTake(int zone, int cpu, int order) {
    drain(zone);
    long line = reservations.line(zone, cpu);
    long slot = reserving.takeAny(line, map.zones().get(zone), start(zone, cpu), order);
    if (slot != NONE) {
      steals.increment();
    }
    return slot;
  }

  /** Takes from any tree's count. */
  private long takeDirect(int zone, int cpu, int order) {
    Zone where = map.zones().get(zone);
    int last = reservations.last(zone, cpu);
    int start = last >= 0 ? last : start(zone, cpu);
    for (int i = 0; i < where.trees(); i++) {
      int tree = start + i < where.endTree() ? start + i : start + i - where.trees();
      long slot = trees.free(tree) >= 1 << order ? takeFrom(tree, order) : NONE;
      if (slot != NONE) {
        reservations.remember(zone, cpu, tree);
        return slot;
      }
    }
    return NONE;
  }

  private long takeFrom(int tree, int order) {
    if (!trees.take(tree, 1 << order)) {
      return NONE;
    }
    long slot = lower.take(reserving.firstWord(tree), order);
    if (slot == NONE) {
      giveBack(tree, 1 << order);
    }
    return slot;
  }

  /** {@return how many blocks of an order up to 5 came from the CPU's own tree} */
  int takeMany(int zone, int cpu, int order, long[] into, int from, int count) {
    long line = reservations.line(zone, cpu);
    long now = reservations.at(line);
    int wanted = Math.min(count, Reservations.free(now) >>> order);
    if (!reserve || wanted == 0 || !reservations.swap(line, now, now - (wanted << order))) {
      return 0;
    }
    int tree = reservations.tree(now);
    long word = Reservations.word(now);
    int got = lower.takeMany(word, order, map.treeShift(tree), into, from, wanted);
    if (got < wanted) {
      giveBack(tree, wanted - got << order);
    }
    if (got > 0) {
      long last = into[from + got - 1] - map.treeShift(tree);
      reservations.remember(line, now - (wanted << order), last);
      reservations.countAllocations(zone, cpu, got);
    }
    return got;
  }

  /**
   * Puts frames on a count, after their bits are free: on the CPU's own if they are of its tree. A
   * CPU that goes on to free into one other tree gets that one.
   */
  void give(int zone, int cpu, long slot, int count) {
    int tree = (int) (slot / trees.frames());
    long line = reservations.line(zone, cpu);
    if (!reservations.give(line, tree, count)) {
      int now = trees.give(tree, count);
      boolean worth = !Trees.isReserved(now) && trees.freeOf(now) > reserving.almostAllocated();
      if (reserve && worth && reservations.hasFreedInto(line, tree)) {
        if (reserving.reserve(line, tree)) {
          return;
        }
      }
    }
    reservations.noteFree(line, tree);
  }

  void countFrees(int zone, int cpu, int count) {
    reservations.countFrees(zone, cpu, count);
  }

  /** {@return whether frames of a named tree are off the counts now, whoever had reserved it} */
  boolean takeNamed(int zone, int tree, int count) {
    if (trees.take(tree, count)) {
      return true;
    }
    if (Trees.isReserved(trees.at(tree))) {
      emptyReservation(zone, tree);
    }
    return trees.take(tree, count);
  }

  private void emptyReservation(int zone, int tree) {
    for (int part = 0; part < reservations.parts(zone); part++) {
      long line = reservations.line(zone, part);
      long now = reservations.at(line);
      boolean here = Reservations.exists(now) && reservations.tree(now) == tree;
      int free = Reservations.free(now);
      if (here && reservations.swap(line, now, now - free)) {
        trees.give(tree, free);
      }
    }
  }

  /** Undoes {@link #takeNamed}. */
  void giveToTree(int tree, int count) {
    trees.give(tree, count);
  }

  /** Ends all reservations. */
  void drain() {
    for (int zone = 0; zone < reservations.zones(); zone++) {
      drain(zone);
    }
  }

  private void drain(int zone) {
    for (int part = 0; part < reservations.parts(zone); part++) {
      reserving.end(reservations.end(reservations.line(zone, part)));
    }
  }
}
