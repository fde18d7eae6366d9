package kernel.slot;

import allocator.api.MisuseException;
import allocator.api.Statistic;
import heap.api.CacheSpec;
import heap.api.HeapEngine;
import heap.api.ObjectAction;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kernel.gate.GateCell;
import kernel.lodge.Lodging;
import org.jspecify.annotations.Nullable;

/**
 * A client's cache of objects, which outlives the engine that serves it. An engine with caches of
 * its own gets one as soon as an object is wanted of it; where an engine has none, each object is a
 * block of its own, constructed when allocated and destructed when freed. Safe for use by several
 * threads.
 */
final class CacheHandle implements ObjectCache {
  /** What an engine offers: a cache of its own or nothing. */
  private record Offer(@Nullable HeapEngine engine, Optional<ObjectCache> cache) {
    static final Offer NONE = new Offer(null, Optional.empty());
  }

  private final HeapSlot slot;
  private final CacheSpec spec;
  private final CacheSpec inner; // for engines: what the client's actions throw is told apart
  private final Set<Long> plain = ConcurrentHashMap.newKeySet(); // objects that are mere blocks
  private final LongAdder live = new LongAdder();
  private volatile Offer offer;

  CacheHandle(HeapSlot slot, CacheSpec spec) {
    this.slot = slot;
    this.spec = spec;
    this.inner =
        new CacheSpec(
            spec.name(),
            spec.objectBytes(),
            spec.align(),
            spec.constructor().map(action -> guarded("constructor", action)),
            spec.destructor().map(action -> guarded("destructor", action)));
    GateCell in = slot.gate().enter(slot.gate().ownCell());
    try {
      HeapEngine engine = slot.binding().raw();
      this.offer = new Offer(engine, engine.createCache(inner));
    } finally {
      slot.gate().leave(in);
    }
  }

  private ObjectAction guarded(String what, ObjectAction action) {
    return (memory, address) -> {
      try {
        action.apply(memory, address);
      } catch (RuntimeException | StackOverflowError e) {
        throw new CacheActionException(
            "the %s of cache %s failed at 0x%x: %s".formatted(what, spec.name(), address, e), e);
      }
    };
  }

  @Override
  public CacheSpec spec() {
    return spec;
  }

  /** Lets go of an engine that does not serve any more. */
  void forget() {
    offer = Offer.NONE;
  }

  // Inside of the gate, so that the engine stays the same.
  @SuppressWarnings("ReferenceEquality") // the very engine
  private Offer offerOf(HeapEngine engine) {
    Offer last = offer;
    return last.engine() == engine ? last : ask(engine);
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private synchronized Offer ask(HeapEngine engine) {
    if (offer.engine() != engine) {
      offer = new Offer(engine, engine.createCache(inner));
    }
    return offer;
  }

  @Override
  public long allocate(int cpu) {
    GateCell in = slot.gate().enter(slot.gate().ownCell());
    HeapBinding now = slot.bindingFor(in);
    long address;
    try {
      Offer own = offerOf(now.raw());
      address =
          own.cache().isPresent() ? object(now, own.cache().get(), cpu) : block(now.engine(), cpu);
      slot.gate().leave(in);
    } catch (RuntimeException | Error e) {
      slot.recover(in, now, e);
      return allocate(cpu);
    }
    if (address != HeapEngine.NULL) {
      live.increment();
    }
    return slot.orVacancy(address);
  }

  // The cache is the engine's own, past its face.
  private long object(HeapBinding now, ObjectCache own, int cpu) {
    long address = own.allocate(cpu);
    if (address != HeapEngine.NULL) {
      now.witness().ifPresent(witness -> witness.born(address, spec.objectBytes()));
    }
    return address;
  }

  private long block(HeapEngine engine, int cpu) {
    long address =
        spec.align() > engine.alignment()
            ? engine.allocateAligned(cpu, spec.align(), spec.objectBytes())
            : engine.allocate(cpu, spec.objectBytes());
    if (address != HeapEngine.NULL) {
      construct(engine, cpu, address);
      plain.add(address);
    }
    return address;
  }

  private void construct(HeapEngine engine, int cpu, long address) {
    try {
      inner.constructor().ifPresent(action -> action.apply(slot.window(), address));
    } catch (CacheActionException e) {
      engine.free(cpu, address);
      throw e;
    }
  }

  @Override
  public void free(int cpu, long address) {
    GateCell in = slot.gate().enter(slot.gate().ownCell());
    HeapBinding now = slot.bindingFor(in);
    try {
      free(now, cpu, address);
      slot.gate().leave(in);
    } catch (RuntimeException | Error e) {
      slot.recover(in, now, e);
      Slot.freeAgain(() -> free(cpu, address));
      return;
    }
    live.decrement();
  }

  private void free(HeapBinding now, int cpu, long address) {
    Lodging home = slot.lodgingOf(address);
    if (home != null) {
      home.sizeOf(address); // refuses strangers before anything is done to them
      destruct(address);
      plain.remove(address);
      slot.freeLodger(home, address);
    } else if (plain.contains(address)) {
      destruct(address);
      if (!plain.remove(address)) {
        throw stranger(address); // another thread was faster
      }
      now.engine().free(cpu, address);
    } else {
      ObjectCache own = offerOf(now.raw()).cache().orElseThrow(() -> stranger(address));
      now.witness().ifPresent(witness -> witness.dying(address));
      own.free(cpu, address);
    }
  }

  private void destruct(long address) {
    inner.destructor().ifPresent(action -> action.apply(slot.window(), address));
  }

  private MisuseException stranger(long address) {
    return new MisuseException(
        "0x%x is no live object of cache %s".formatted(address, spec.name()));
  }

  @Override
  public long reap() {
    GateCell in = slot.gate().enter(slot.gate().ownCell());
    try {
      return offerOf(slot.binding().raw()).cache().map(ObjectCache::reap).orElse(0L);
    } finally {
      slot.gate().leave(in);
    }
  }

  @Override
  public List<Statistic> statistics() {
    List<Statistic> all = new ArrayList<>();
    all.add(new Statistic("inuse", live.sum(), "objects"));
    GateCell in = slot.gate().enter(slot.gate().ownCell());
    try {
      offerOf(slot.binding().raw()).cache().ifPresent(own -> all.addAll(own.statistics()));
    } finally {
      slot.gate().leave(in);
    }
    return List.copyOf(all);
  }

  @Override
  public void close() {
    if (live.sum() != 0) {
      throw new MisuseException("cache %s has %d live objects".formatted(spec.name(), live.sum()));
    }
    GateCell in = slot.gate().enter(slot.gate().ownCell());
    try {
      offerOf(slot.binding().raw()).cache().ifPresent(ObjectCache::close);
      slot.forget(this);
    } finally {
      slot.gate().leave(in);
    }
  }
}
