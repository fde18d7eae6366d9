package heap.zone;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reclaims from all zones: {@code zone_gc} with its levels trim, drain and jetsam. Where the
 * original kills a process when its limit is near, here only what it would have killed for is
 * noted. Safe for use by several threads.
 */
final class Gc {
  private static final long PERCENT = 100;

  private final ZoneSpace space;
  private final ExhaustionLog log;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong trims = new AtomicLong();
  private final AtomicLong drains = new AtomicLong();
  private volatile long acted; // bytes held when pressure was last acted upon

  Gc(ZoneSpace space) {
    this.space = space;
    this.log = new ExhaustionLog(space);
  }

  ExhaustionLog log() {
    return log;
  }

  private boolean isNear() {
    long limit = space.ledger.limit();
    long level = limit / PERCENT * space.settings.jetsamPercent();
    return limit != Long.MAX_VALUE && space.ledger.held() >= level;
  }

  /** Reclaims if the limit is near, before a zone grows. */
  void pressure() {
    if (!isNear()) {
      acted = 0;
    } else if (space.ledger.held() > acted && busy.compareAndSet(false, true)) {
      try {
        jetsam();
      } finally {
        acted = space.ledger.held();
        busy.set(false);
      }
    }
  }

  private void jetsam() {
    Zone largest = space.zones.largest();
    log.near(largest);
    all(Reclaimer.Level.TRIM);
    if (isNear()) {
      space.quietly(() -> largest.reclaimer.reclaim(Reclaimer.Level.DRAIN, Long.MAX_VALUE));
      all(Reclaimer.Level.DRAIN);
    }
  }

  /** Sends everything home that is not live, since memory or addresses are exhausted. */
  void exhausted() {
    log.exhausted(space.zones.largest());
    all(Reclaimer.Level.FLUSH);
  }

  private void all(Reclaimer.Level level) {
    (level == Reclaimer.Level.TRIM ? trims : drains).incrementAndGet();
    for (Zone zone : space.zones.all()) {
      space.quietly(() -> zone.reclaimer.reclaim(level, Long.MAX_VALUE));
    }
  }

  /**
   * Gives memory back: what was not needed for a while, and if that leaves more idle than is to be
   * kept, the rest as well, zone by zone.
   *
   * @param keep idle bytes to keep
   * @return the bytes given back
   */
  long trim(long keep) {
    long before = space.ledger.held();
    for (Zone zone : space.zones.all()) {
      zone.workingSet.endPeriod();
    }
    down(Reclaimer.Level.TRIM, keep);
    down(Reclaimer.Level.DRAIN, keep);
    down(Reclaimer.Level.FLUSH, keep);
    return Math.max(0, before - space.ledger.held());
  }

  private void down(Reclaimer.Level level, long keep) {
    long surplus = space.idleBytes() - keep;
    if (surplus <= 0) {
      return;
    }
    (level == Reclaimer.Level.TRIM ? trims : drains).incrementAndGet();
    for (Zone zone : space.zones.all()) {
      surplus -= zone.reclaimer.reclaim(level, Math.max(0, surplus));
    }
  }

  long trims() {
    return trims.get();
  }

  long drains() {
    return drains.get();
  }
}
