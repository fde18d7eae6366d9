package heap.slab;

import allocator.api.Statistic;
import heap.api.CacheSpec;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's cache of constructed objects. An object's constructor runs once, when its slab is
 * made, and its destructor once, when the slab's pages are given up. Safe for use by several
 * threads; {@link #close} only while no other call is under way.
 */
final class NamedCache implements ObjectCache {
  private final CacheSpec spec;
  private final SlabCache cache;
  private final SlabSpace space;

  NamedCache(CacheSpec spec, SlabCache cache, SlabSpace space) {
    this.spec = spec;
    this.cache = cache;
    this.space = space;
  }

  @Override
  public CacheSpec spec() {
    return spec;
  }

  @Override
  public long allocate(int cpu) {
    requireOpen();
    return cache.allocate(cpu);
  }

  @Override
  public void free(int cpu, long address) {
    requireOpen();
    Region region = space.regions.find(address);
    if (region.owner[space.regions.page(address)] != cache.id()) {
      throw Faults.otherCache(address, cache);
    }
    cache.free(cpu, address, region);
  }

  @Override
  public long reap() {
    requireOpen();
    cache.reapAll();
    return space.extents.trim(0);
  }

  private void requireOpen() {
    if (cache.isClosed()) {
      throw Faults.closed(cache);
    }
  }

  @Override
  public List<Statistic> statistics() {
    List<Statistic> figures = new ArrayList<>();
    Figures.ofCache(cache, "", figures);
    return figures;
  }

  @Override
  public void close() {
    if (cache.isClosed()) {
      return;
    }
    cache.flushAll();
    long live = cache.slabs.out();
    if (live != 0) {
      throw Faults.stillLive(cache, live);
    }
    try {
      cache.maker.shed(0);
    } finally {
      if (cache.slabs.attached() == 0) { // else a destructor or the tier below refused
        cache.close();
      }
    }
  }
}
