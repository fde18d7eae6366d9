package kernel.slot;

import allocator.api.MisuseException;
import allocator.api.Statistic;
import heap.api.CacheSpec;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An object cache for heaps that have none: each object is a block of its own, constructed when
 * allocated and destructed when freed.
 *
 * <p>Safe for use by several threads. Costs a host object per live object, which a heap with caches
 * of its own avoids.
 */
final class PlainObjectCache implements ObjectCache {
  private final HeapSlot slot;
  private final CacheSpec spec;
  private final Set<Long> live = ConcurrentHashMap.newKeySet();

  PlainObjectCache(HeapSlot slot, CacheSpec spec) {
    this.slot = slot;
    this.spec = spec;
  }

  @Override
  public CacheSpec spec() {
    return spec;
  }

  @Override
  public long allocate(int cpu) {
    HeapEngine engine = slot.engine();
    long address =
        spec.align() > engine.alignment()
            ? engine.allocateAligned(cpu, spec.align(), spec.objectBytes())
            : engine.allocate(cpu, spec.objectBytes());
    if (address != HeapEngine.NULL) {
      live.add(address);
      spec.constructor().ifPresent(action -> action.apply(slot.window(), address));
    }
    return address;
  }

  @Override
  public void free(int cpu, long address) {
    if (!live.remove(address)) {
      throw new MisuseException(
          "0x%x is no live object of cache %s".formatted(address, spec.name()));
    }
    spec.destructor().ifPresent(action -> action.apply(slot.window(), address));
    slot.engine().free(cpu, address);
  }

  @Override
  public long reap() {
    return 0; // nothing is kept back
  }

  @Override
  public List<Statistic> statistics() {
    return List.of(new Statistic("inuse", live.size(), "objects"));
  }

  @Override
  public void close() {
    if (!live.isEmpty()) {
      throw new MisuseException("cache %s has %d live objects".formatted(spec.name(), live.size()));
    }
  }
}
