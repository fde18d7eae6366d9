package heap.zone;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives the frames of one zone's empty chunks back: their addresses stay with the zone if it is
 * sequestered. Safe for use by several threads.
 */
final class Reclaimer {
  /** How hard to try; the levels of {@code zone_gc}, and the one that ends a zone. */
  enum Level {
    /** What has not been needed for a while. */
    TRIM,
    /** Everything but what the CPUs' own two magazines hold. */
    DRAIN,
    /** Everything. */
    FLUSH
  }

  private final ZoneSpace space;
  private final Zone zone;
  private final Regions regions;
  private final AtomicLong depopulated = new AtomicLong();

  Reclaimer(ZoneSpace space, Zone zone) {
    this.space = space;
    this.zone = zone;
    this.regions = space.regions;
  }

  /**
   * Reclaims.
   *
   * @param level how hard
   * @param most the most bytes to give back
   * @return the bytes given back
   */
  long reclaim(Level level, long most) {
    if (zone.isCaching()) {
      reclaimCaches(level);
    }
    long given = 0;
    for (long got = chunk(level, most); got != 0; got = chunk(level, most - given)) {
      given += got;
    }
    return given;
  }

  private void reclaimCaches(Level level) {
    boolean cleanup = zone.workingSet.takeCleanup();
    if (level == Level.FLUSH) {
      zone.flushCpus();
    } else if (cleanup || level == Level.DRAIN) {
      zone.trimDepots(level == Level.DRAIN ? 0 : zone.workingSet.depotMost());
    }
    int magazines = level == Level.TRIM ? zone.recirculation.trim() : Integer.MAX_VALUE;
    emptyFull(magazines);
    if (level != Level.TRIM) {
      zone.recirculation.dropEmpty();
    }
  }

  private void emptyFull(int most) {
    for (int left = most; left > 0; left--) {
      long[] magazine = zone.recirculation.takeFull();
      if (magazine.length == 0) {
        return;
      }
      give(magazine, magazine.length);
    }
  }

  /** Gives elements that no client has to their chunks. */
  void give(long[] magazine, int count) {
    zone.lock.enter();
    try {
      for (int i = 0; i < count; i++) {
        zone.chunks.give(magazine[i]);
      }
    } finally {
      zone.lock.leave();
    }
  }

  private long chunk(Level level, long most) {
    zone.lock.enter();
    long keep = level == Level.TRIM ? zone.workingSet.elemsKept() : 0;
    int first = zone.chunks.detach(keep, most >>> regions.pageShift);
    long meta = first == PageQueue.NONE ? 0 : regions.meta(first);
    if (first != PageQueue.NONE) {
      zone.workingSet.reclaimed(zone.shape.geometry().elemsIn(PageMeta.length(meta)));
      zone.chunks.emptied(first);
    }
    zone.lock.leave();
    return first == PageQueue.NONE ? 0 : strip(first, meta);
  }

  private long strip(int first, long meta) {
    int pages = PageMeta.length(meta);
    if (!PageMeta.inline(meta)) {
      space.bitmaps.give(PageMeta.map(meta), Bitmaps.order(zone.shape.geometry().elems()));
    }
    boolean done = false;
    try {
      zone.expander.destroy(first, 0, zone.shape.geometry().elemsIn(pages));
      done = true;
    } finally {
      release(first, pages); // also when a client's destructor threw
      depopulated.addAndGet(done ? pages : 0);
    }
    return (long) pages << regions.pageShift;
  }

  private void release(int first, int pages) {
    boolean done = false;
    try {
      giveBack(first, pages);
      done = true;
    } finally {
      if (!done) { // the tier below threw: the chunk is what it was
        zone.expander.admit(first, 0, pages);
      }
    }
  }

  private void giveBack(int first, int pages) {
    if (space.addresses.sequester()) {
      space.depopulate(regions.address(first), pages);
      zone.lock.enter();
      zone.chunks.va.push(first);
      zone.lock.leave();
      return;
    }
    space.addresses.giveBack(zone.shape, first);
    space.ledger.released((long) pages << regions.pageShift);
    zone.lock.enter();
    zone.chunks.forgetVa();
    zone.lock.leave();
  }

  /** {@return pages whose frames went back so far} */
  long depopulated() {
    return depopulated.get();
  }
}
