package heap.zone;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at a zone once in a period, as {@code compute_zone_working_set_size} does: what of it was
 * not needed, whether its lock is contended so that CPUs should have magazines, and how many the
 * CPUs' depots may hold. Safe for use by several threads.
 */
final class WorkingSet {
  private static final int TICKS = 1024; // calls between two looks at the clock
  private static final long NANOS = 1_000_000; // of a millisecond
  private static final int DEPOT_BYTES = 128 << 10; // that may hang on a CPU
  private static final long GROW = 5L * Average.UNIT; // contentions per second and CPU
  private static final long SHRINK = Average.UNIT / 2;
  private static final int TRIM_BYTES = 16 << 10; // unneeded, from which on to trim unasked
  private static final int TRIM_MAGAZINES = 8;
  private static final int FIRST_DEPOT = 2;

  private final ZoneSpace space;
  private final Zone zone;
  private final long periodMillis;
  private final int depotLimit;
  private final int rounds;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Average freeAverage = new Average(); // under the zone's lock
  private int ticks; // roughly
  private volatile long began = System.nanoTime();
  private volatile int depotMost;
  private volatile boolean cleanup;

  WorkingSet(ZoneSpace space, Zone zone) {
    this.space = space;
    this.zone = zone;
    this.rounds = space.settings.magazineRounds();
    this.periodMillis = space.settings.periodMillis();
    int bytes = zone.shape.geometry().elemSize() * rounds;
    this.depotLimit = DEPOT_BYTES / bytes;
  }

  /** Counts a call that came to the zone itself; once in a while the clock is looked at. */
  void tick() {
    if ((++ticks & (TICKS - 1)) == 0) {
      long millis = millis();
      if (millis >= periodMillis) {
        endPeriod(millis);
      }
    }
  }

  private long millis() {
    return (System.nanoTime() - began) / NANOS;
  }

  /** Ends the period now, since somebody asks for memory. */
  void endPeriod() {
    endPeriod(millis());
  }

  /** Ends a period of so many milliseconds, unless somebody is about it. */
  void endPeriod(long millis) {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    began = System.nanoTime();
    try {
      zone.recirculation.endPeriod();
      zone.contention.endPeriod(millis);
      zone.lock.enter();
      freeAverage.add(zone.chunks.endPeriod());
      zone.lock.leave();
      adjust();
      if (isTrimNeeded()) {
        space.quietly(() -> zone.reclaimer.reclaim(Reclaimer.Level.TRIM, Long.MAX_VALUE));
      }
    } finally {
      busy.set(false);
    }
  }

  private void adjust() {
    long average = zone.contention.average();
    int most = depotMost;
    if (!zone.isCaching()) {
      boolean wanted = space.settings.caching() == ZoneSettings.Caching.CONTENTION;
      if (wanted && zone.contention.persists(space.settings.enableLevel())) {
        zone.enableCaching();
      }
    } else if (most < depotLimit && average > GROW) {
      depotMost = Math.min(depotLimit, most == 0 ? FIRST_DEPOT : (3 * most + 2) / 2);
      zone.contention.restart((GROW + SHRINK) / 2);
    } else if (most > 0 && average <= SHRINK) {
      depotMost = most - 1;
      cleanup = true;
      zone.contention.restart((GROW + SHRINK) / 2);
    }
  }

  private boolean isTrimNeeded() {
    if (cleanup) {
      return true;
    }
    long elemSize = zone.shape.geometry().elemSize();
    return zone.isCaching()
        ? zone.recirculation.surplusEmpties() > TRIM_MAGAZINES
            || zone.recirculation.surplusElems() * elemSize > TRIM_BYTES
        : zone.chunks.wiredEmpty() > 0 && surplus() >= zone.shape.geometry().elems();
  }

  private long surplus() {
    return freeAverage.atMost(zone.chunks.freeLeast());
  }

  /** {@return free elements that trimming leaves; called under the zone's lock} */
  long elemsKept() {
    return zone.isCaching() ? 0 : zone.chunks.elemsFree() - surplus();
  }

  /** Takes elements that were given back off the average; called under the zone's lock. */
  void reclaimed(int elems) {
    freeAverage.less(elems);
  }

  /** {@return the magazines that a CPU's depot may hold; 0 for no depot} */
  int depotMost() {
    return depotMost;
  }

  /** {@return whether the depots have become smaller since the last call} */
  boolean takeCleanup() {
    boolean was = cleanup;
    cleanup = false;
    return was;
  }
}
