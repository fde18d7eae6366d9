package heap.zone;

import allocator.api.Statistic;
import heap.api.CacheSpec;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's zone of constructed objects. An object's constructor runs once, when its page gets a
 * frame, and its destructor once, when the frame is given up. Safe for use by several threads;
 * {@link #close} only while no other call is under way.
 */
final class NamedZone implements ObjectCache {
  private final CacheSpec spec;
  private final Zone zone;
  private final ZoneSpace space;

  NamedZone(CacheSpec spec, Zone zone, ZoneSpace space) {
    this.spec = spec;
    this.zone = zone;
    this.space = space;
  }

  @Override
  public CacheSpec spec() {
    return spec;
  }

  @Override
  public long allocate(int cpu) {
    requireOpen();
    return zone.allocate(cpu);
  }

  @Override
  public void free(int cpu, long address) {
    requireOpen();
    Region region = space.regions.find(address);
    if (PageMeta.zone(space.regions.metaOf(address)) != zone.shape.id()) {
      throw Faults.otherZone(address, zone);
    }
    zone.free(cpu, address, region);
  }

  @Override
  public long reap() {
    requireOpen();
    return zone.reclaimer.reclaim(Reclaimer.Level.FLUSH, Long.MAX_VALUE);
  }

  private void requireOpen() {
    if (zone.isClosed()) {
      throw Faults.closed(zone);
    }
  }

  @Override
  public List<Statistic> statistics() {
    List<Statistic> figures = new ArrayList<>();
    Figures.ofZone(zone, "", figures);
    return figures;
  }

  @Override
  public void close() {
    if (zone.isClosed()) {
      return;
    }
    if (zone.live() != 0) {
      throw Faults.stillLive(zone, zone.live());
    }
    try {
      zone.reclaimer.reclaim(Reclaimer.Level.FLUSH, Long.MAX_VALUE);
    } finally {
      zone.closed(zone.chunks.wired() == 0); // else a destructor or the tier below refused
    }
  }
}
