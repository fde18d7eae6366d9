package heap.zone;

/**
 * The depot of a whole zone, between the CPUs and its chunks: full and empty magazines, first in,
 * first out. Elements in it are free as the zone counts them. It notes the least number of
 * magazines it had in a period, which nobody needed. Safe for use by several threads.
 */
final class Recirculation {
  private final ZoneLock lock = new ZoneLock();
  private final MagazineQueue full = new MagazineQueue();
  private final MagazineQueue empty = new MagazineQueue();
  private final Contention contention;
  private final int rounds;
  private int fullLeast;
  private int emptyLeast;
  private final Average fullAverage = new Average();
  private final Average emptyAverage = new Average();

  Recirculation(Contention contention, int rounds) {
    this.contention = contention;
    this.rounds = rounds;
  }

  private void enter() {
    if (!lock.tryEnter()) {
      contention.met();
      lock.enter();
    }
  }

  private long[] popFull() {
    long[] magazine = full.removeFirst();
    fullLeast = Math.min(fullLeast, full.size());
    return magazine;
  }

  private long[] popEmpty() {
    if (empty.size() == 0) {
      return new long[rounds];
    }
    long[] magazine = empty.removeFirst();
    emptyLeast = Math.min(emptyLeast, empty.size());
    return magazine;
  }

  /** Gives the cache a full magazine for its empty one, if there is one. */
  void reload(ZoneCache cache) {
    enter();
    if (full.size() > 0) {
      empty.addLast(cache.replaceAlloc(popFull()));
    }
    lock.leave();
  }

  /** Takes the cache's full magazine for an empty one. */
  void unload(ZoneCache cache) {
    enter();
    full.addLast(cache.replaceFree(popEmpty()));
    lock.leave();
  }

  /** Fills a CPU's depot with full magazines, and takes half of its empty ones if it has enough. */
  void refill(ZoneCache cache, int depotMost) {
    enter();
    if (cache.empty.size() >= depotMost) {
      cache.empty.moveTo(empty, cache.empty.size() - depotMost / 2);
    }
    int count = Math.min(Math.max(0, depotMost - cache.empty.size()), full.size());
    for (int i = 0; i < count; i++) {
      cache.full.addLast(popFull());
    }
    lock.leave();
  }

  /** Takes half of a CPU's full magazines if it has enough, and gives it empty ones. */
  void relieve(ZoneCache cache, int depotMost) {
    enter();
    if (cache.full.size() >= depotMost) {
      cache.full.moveTo(full, cache.full.size() - depotMost / 2);
    }
    int count = Math.min(Math.max(0, depotMost - cache.full.size()), empty.size());
    for (int i = 0; i < count; i++) {
      cache.empty.addLast(popEmpty());
    }
    lock.leave();
  }

  /**
   * Takes what a CPU's depot holds beyond a number of full magazines, and beyond it of empty ones.
   */
  void trimDepot(ZoneCache cache, int most) {
    enter();
    cache.full.moveTo(full, Math.max(0, cache.full.size() - most));
    cache.empty.moveTo(empty, Math.max(0, cache.empty.size() - most));
    lock.leave();
  }

  /** {@return the full magazine that waits longest, or {@link ZoneCache#NONE}; for reclaiming} */
  long[] takeFull() {
    enter();
    long[] magazine = full.size() == 0 ? ZoneCache.NONE : popFull();
    lock.leave();
    return magazine;
  }

  /** Drops all empty magazines. */
  void dropEmpty() {
    enter();
    dropEmpty(empty.size());
    lock.leave();
  }

  private void dropEmpty(int count) {
    for (int i = 0; i < count; i++) {
      popEmpty();
    }
  }

  /**
   * Drops the empty magazines that were not needed for a while.
   *
   * @return how many full ones were not needed, either
   */
  int trim() {
    enter();
    dropEmpty(emptyAverage.take(emptyLeast));
    int surplus = fullAverage.take(fullLeast);
    lock.leave();
    return surplus;
  }

  /** Ends a period: what was the least goes into the averages. */
  void endPeriod() {
    enter();
    fullAverage.add(fullLeast);
    fullLeast = full.size();
    emptyAverage.add(emptyLeast);
    emptyLeast = empty.size();
    lock.leave();
  }

  /** {@return elements that could be reclaimed without being missed} */
  long surplusElems() {
    return (long) fullAverage.atMost(fullLeast) * rounds;
  }

  int surplusEmpties() {
    return emptyAverage.atMost(emptyLeast);
  }

  int fulls() {
    return full.size();
  }

  int empties() {
    return empty.size();
  }

  /** {@return a full magazine, for a check} */
  long[] full(int index) {
    return full.get(index);
  }
}
