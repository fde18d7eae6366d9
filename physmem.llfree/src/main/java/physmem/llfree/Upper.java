package physmem.llfree;

import static physmem.llfree.Layout.CHILD_ORDER;
import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_FRAMES;

import java.util.concurrent.atomic.LongAdder;

/**
 * The upper allocator: which tree serves a CPU. Frames are taken off a count first, a CPU's own or
 * a tree's, and then found by the {@link Lower} one. Safe for use by several threads, also with the
 * same CPU.
 */
final class Upper {
  /*
   * Trees that a request tries to reserve before it looks through all of them: each has enough free
   * frames by count but may have them scattered.
   */
  private static final int ATTEMPTS = 4;

  private final RamMap map;
  private final Trees trees;
  private final Lower lower;
  private final Reservations reservations;
  private final TreeSearch search;
  private final boolean reserve;
  private final int pullLeast;
  final LongAdder reserves = new LongAdder();
  final LongAdder steals = new LongAdder();
  final LongAdder retries = new LongAdder();

  Upper(RamMap map, Trees trees, Lower lower, Reservations reservations, boolean reserve) {
    this.map = map;
    this.trees = trees;
    this.lower = lower;
    this.reservations = reservations;
    this.search = new TreeSearch(trees, lower);
    this.reserve = reserve;
    this.pullLeast = trees.frames() / TreeSearch.SPARSE;
  }

  private long firstWord(int tree) {
    return (long) tree * trees.frames() / WORD_FRAMES;
  }

  private long line(int zone, int cpu, int order) {
    return reservations.line(zone, cpu, order >= CHILD_ORDER ? 1 : 0);
  }

  /** {@return the first slot of a block in a zone, or NONE} */
  long take(int zone, int cpu, int order, boolean gentle) {
    long line = line(zone, cpu, order);
    long slot = reserve ? takeReserved(line, zone, cpu, order) : NONE;
    if (slot == NONE) {
      slot = takeDirect(line, zone, cpu, order);
    }
    if (slot == NONE && !gentle) {
      slot = steal(zone, order);
    }
    if (slot != NONE) {
      reservations.countAllocations(line, 1);
    }
    return slot;
  }

  private long takeReserved(long line, int zone, int cpu, int order) {
    int count = 1 << order;
    for (int attempt = 0; attempt < ATTEMPTS; ) {
      long now = reservations.at(line);
      if (Reservations.free(now) >= count) {
        if (reservations.swap(line, now, now - count)) {
          long slot = lower.take(Reservations.word(now), order);
          if (slot != NONE) {
            reservations.remember(line, now - count, slot);
            return slot;
          }
          giveBack(line, reservations.tree(now), count);
          attempt = renew(line, zone, cpu, order) ? attempt + 1 : ATTEMPTS;
        }
      } else if (!pull(line, now, count) && !renew(line, zone, cpu, order)) {
        return NONE;
      }
    }
    return NONE;
  }

  private void giveBack(long line, int tree, int count) {
    retries.increment();
    if (!reservations.give(line, tree, count)) {
      trees.give(tree, count);
    }
  }

  /** Adds what others freed into the reserved tree, if it is worth it. */
  private boolean pull(long line, long now, int count) {
    if (!Reservations.exists(now)) {
      return false;
    }
    int tree = reservations.tree(now);
    int got = trees.pull(tree, Math.max(pullLeast, count - Reservations.free(now)));
    if (got == 0) {
      return false;
    }
    if (!reservations.give(line, tree, got)) {
      trees.give(tree, got);
    }
    return true;
  }

  /** {@return whether another tree is reserved now that has enough free frames by count} */
  private boolean renew(long line, int zone, int cpu, int order) {
    Zone where = map.zones().get(zone);
    int start = start(line, where, cpu);
    while (true) {
      int tree = search.find(where, start, order);
      if (tree < 0) {
        return false;
      }
      int free = trees.reserve(tree, 1 << order);
      if (free >= 0) {
        install(line, tree, free);
        return true;
      }
    }
  }

  private void install(long line, int tree, int free) {
    end(reservations.exchange(line, tree, free));
    reservations.remember(line, tree);
    reserves.increment();
  }

  private void end(long old) {
    if (Reservations.exists(old)) {
      trees.release(reservations.tree(old), Reservations.free(old));
    }
  }

  private int start(long line, Zone zone, int cpu) {
    int last = reservations.last(line);
    long spread = (long) cpu * zone.trees() / reservations.cpus();
    return last >= 0 ? last : zone.firstTree() + (int) spread;
  }

  /** Takes from any tree's count, reserved or not. */
  private long takeDirect(long line, int zone, int cpu, int order) {
    Zone where = map.zones().get(zone);
    int start = start(line, where, cpu);
    for (int i = 0; i < where.trees(); i++) {
      int tree = start + i < where.endTree() ? start + i : start + i - where.trees();
      long slot = trees.free(tree) >= 1 << order ? takeFrom(tree, order) : NONE;
      if (slot != NONE) {
        rememberUnreserved(line, tree);
        return slot;
      }
    }
    return NONE;
  }

  private void rememberUnreserved(long line, int tree) {
    if (!reserve) {
      reservations.remember(line, tree);
    }
  }

  private long takeFrom(int tree, int order) {
    if (!trees.take(tree, 1 << order)) {
      return NONE;
    }
    long slot = lower.take(firstWord(tree), order);
    if (slot == NONE) {
      retries.increment();
      trees.give(tree, 1 << order);
    }
    return slot;
  }

  /** Takes from other CPUs' reservations. */
  private long steal(int zone, int order) {
    for (int cpu = 0; cpu < reservations.cpus(); cpu++) {
      for (int kind = 0; kind < Reservations.KINDS; kind++) {
        long slot = stealFrom(reservations.line(zone, cpu, kind), order);
        if (slot != NONE) {
          steals.increment();
          return slot;
        }
      }
    }
    return NONE;
  }

  private long stealFrom(long line, int order) {
    int count = 1 << order;
    long now = reservations.at(line);
    while (Reservations.free(now) >= count) {
      if (reservations.swap(line, now, now - count)) {
        long slot = lower.take(Reservations.word(now), order);
        if (slot == NONE) {
          giveBack(line, reservations.tree(now), count);
        }
        return slot;
      }
      now = reservations.at(line);
    }
    return NONE;
  }

  /** {@return how many blocks of an order up to 5 came from the CPU's own tree} */
  int takeMany(int zone, int cpu, int order, long[] into, int from, int count) {
    long line = line(zone, cpu, order);
    long now = reservations.at(line);
    int wanted = Math.min(count, Reservations.free(now) >>> order);
    if (!reserve || wanted == 0 || !reservations.swap(line, now, now - (wanted << order))) {
      return 0;
    }
    int tree = reservations.tree(now);
    long word = Reservations.word(now);
    int got = lower.takeMany(word, order, map.treeShift(tree), into, from, wanted);
    if (got < wanted) {
      giveBack(line, tree, wanted - got << order);
    }
    if (got > 0) {
      long last = into[from + got - 1] - map.treeShift(tree);
      reservations.remember(line, now - (wanted << order), last);
      reservations.countAllocations(line, got);
    }
    return got;
  }

  /** Puts frames on a count, after their bits are free. */
  void give(int zone, int cpu, long slot, int count) {
    int tree = (int) (slot / trees.frames());
    boolean kept =
        reservations.give(reservations.line(zone, cpu, 0), tree, count)
            || reservations.give(reservations.line(zone, cpu, 1), tree, count);
    if (!kept) {
      trees.give(tree, count);
    }
  }

  void countFrees(int zone, int cpu, int count) {
    reservations.countFrees(reservations.line(zone, cpu, 0), count);
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
    for (int cpu = 0; cpu < reservations.cpus(); cpu++) {
      for (int kind = 0; kind < Reservations.KINDS; kind++) {
        long line = reservations.line(zone, cpu, kind);
        long now = reservations.at(line);
        boolean here = Reservations.exists(now) && reservations.tree(now) == tree;
        int free = Reservations.free(now);
        if (here && reservations.swap(line, now, now - free)) {
          trees.give(tree, free);
        }
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
      for (int cpu = 0; cpu < reservations.cpus(); cpu++) {
        for (int kind = 0; kind < Reservations.KINDS; kind++) {
          end(reservations.end(reservations.line(zone, cpu, kind)));
        }
      }
    }
  }
}
