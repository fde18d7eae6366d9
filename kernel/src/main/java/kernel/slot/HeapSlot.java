package kernel.slot;

import allocator.api.CensusSummary;
import allocator.api.Statistic;
import allocator.api.Tier;
import allocator.api.TierVacantException;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.Heap;
import heap.api.HeapEngine;
import heap.api.HeapPort;
import heap.api.ObjectCache;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import kernel.backing.HeapSpans;
import kernel.event.AllocationEvent;
import kernel.gate.GateCell;
import kernel.lodge.Lodgers;
import kernel.lodge.Lodging;
import org.jspecify.annotations.Nullable;

/** The heap slot: the heap that clients hold. */
/*
 * A call on an address goes to whoever answers for it: the engine that serves, or, for a block that a
 * former engine handed out, the lodging of that engine. While there are no lodgers that is one test.
 */
public final class HeapSlot extends Slot<HeapEngine, HeapBinding> implements Heap {
  private final HeapSpans spans;
  private final Window window;
  private final Lodgers lodgers;
  private final Supplier<String> vacantBelow;
  private final List<CacheHandle> caches = new CopyOnWriteArrayList<>();
  private volatile long formerPeak; // the largest footprint of engines that served before

  /**
   * Opens the slot.
   *
   * @param binding what to serve from
   * @param spans where engines import from
   * @param window the memory of the blocks
   * @param lodgers blocks of former engines
   * @param vacantBelow the name of a lower tier that has no provider, or an empty text
   * @param vacantWaitMillis how long callers wait for a provider
   */
  public HeapSlot(
      HeapBinding binding,
      HeapSpans spans,
      Window window,
      Lodgers lodgers,
      Supplier<String> vacantBelow,
      long vacantWaitMillis) {
    super(Tier.HEAP, binding, vacantWaitMillis);
    this.spans = spans;
    this.window = window;
    this.lodgers = lodgers;
    this.vacantBelow = vacantBelow;
  }

  /** {@return blocks that former engines handed out} */
  public Lodgers lodgers() {
    return lodgers;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very engine
  public void bind(HeapBinding next) {
    boolean same = serving().map(now -> now.raw() == next.raw()).orElse(false);
    formerPeak = peakFootprint();
    super.bind(next);
    if (!same) {
      caches.forEach(CacheHandle::forget);
    }
  }

  @Override
  public void park(ParkedEstate estate) {
    formerPeak = peakFootprint();
    super.park(estate);
    caches.forEach(CacheHandle::forget);
  }

  @Override
  public HeapPort open(int cpu) {
    return new Port(cpu);
  }

  @Override
  public ObjectCache createCache(CacheSpec spec) {
    CacheHandle made = new CacheHandle(this, spec);
    caches.add(made);
    return made;
  }

  /** Forgets a cache that was closed. */
  void forget(CacheHandle closed) {
    caches.remove(closed);
  }

  @Override
  public Window window() {
    return window;
  }

  @Override
  public long lowestAddress() {
    return spans.lowestAddress();
  }

  @Override
  public long footprint() {
    return lodgers.heldBytes() + serving().map(now -> now.engine().footprint()).orElse(0L);
  }

  @Override
  public long peakFootprint() {
    return Math.max(formerPeak, serving().map(now -> now.engine().peakFootprint()).orElse(0L));
  }

  @Override
  CensusSummary censusNow() {
    CensusSummary own = super.censusNow();
    return lodgers.any() ? sum(own, lodgers.census()) : own;
  }

  private static CensusSummary sum(CensusSummary one, CensusSummary other) {
    return new CensusSummary(
        one.liveCount() + other.liveCount(),
        one.liveUnits() + other.liveUnits(),
        one.managedUnits() + other.managedUnits(),
        one.checksum() + other.checksum());
  }

  @Override
  public List<Statistic> statistics() {
    return serving().map(now -> now.engine().statistics()).orElse(List.of());
  }

  /** {@return the lodging that an address belongs to, or null if the engine answers for it} */
  @Nullable Lodging lodgingOf(long address) {
    return lodgers.any() ? lodgers.at(address) : null;
  }

  /** Frees a lodger; its lodging is forgotten with its last one. */
  void freeLodger(Lodging home, long address) {
    home.free(address);
    if (home.blocks() == 0 && home.isComplete()) {
      lodgers.dropEmpty();
    }
  }

  /** Refuses to call it exhaustion when a tier below has no provider. */
  long orVacancy(long address) {
    if (address == HeapEngine.NULL) {
      String below = vacantBelow.get();
      if (!below.isEmpty()) {
        throw new TierVacantException(
            "heap: nothing can be imported, %s has no provider; install or start one"
                .formatted(below));
      }
    }
    return address;
  }

  /** A client's entrance. */
  private final class Port implements HeapPort {
    private final int cpu;
    private GateCell cell = gate().ownCell();
    private int samples; // allocations counted for Flight Recorder

    Port(int cpu) {
      this.cpu = cpu;
    }

    @Override
    public int cpu() {
      return cpu;
    }

    private GateCell enter() {
      GateCell in = gate().enter(cell);
      cell = in;
      return in;
    }

    @Override
    public long allocate(long bytes) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      long address;
      try {
        address = now.engine().allocate(cpu, bytes);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocate(bytes);
      }
      samples = AllocationEvent.count(samples, cpu, address, bytes);
      return orVacancy(address);
    }

    @Override
    public long allocateZeroed(long bytes) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      long address;
      try {
        address = now.engine().allocateZeroed(cpu, bytes);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateZeroed(bytes);
      }
      samples = AllocationEvent.count(samples, cpu, address, bytes);
      return orVacancy(address);
    }

    @Override
    public long allocateAligned(long align, long bytes) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      long address;
      try {
        address = now.engine().allocateAligned(cpu, align, bytes);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateAligned(align, bytes);
      }
      samples = AllocationEvent.count(samples, cpu, address, bytes);
      return orVacancy(address);
    }

    @Override
    public boolean allocateAll(long[] sizes, boolean zeroed, long[] into) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        boolean answer = now.engine().allocateAll(cpu, sizes, zeroed, into);
        gate().leave(in);
        return answer || orVacancy(HeapEngine.NULL) != HeapEngine.NULL;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateAll(sizes, zeroed, into);
      }
    }

    @Override
    public long resize(long address, long bytes) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      long moved;
      try {
        Lodging home = lodgingOf(address);
        moved =
            home == null
                ? now.engine().resize(cpu, address, bytes)
                : resizeLodger(now.engine(), home, address, bytes);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return resize(address, bytes);
      }
      return orVacancy(moved);
    }

    // A lodger cannot grow: it moves in with the engine that serves. It also moves when it shrinks
    // by
    // half, since a lodging gets smaller only by those who leave.
    private long resizeLodger(HeapEngine engine, Lodging home, long address, long bytes) {
      long usable = home.sizeOf(address);
      if (bytes <= usable && bytes > usable / 2) {
        return address;
      }
      long fresh = engine.allocate(cpu, bytes);
      if (fresh == HeapEngine.NULL) {
        return bytes <= usable ? address : HeapEngine.NULL;
      }
      window.copy(address, fresh, Math.min(usable, bytes));
      freeLodger(home, address);
      return fresh;
    }

    @Override
    public boolean resizeInPlace(long address, long bytes) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        Lodging home = lodgingOf(address);
        boolean done =
            home == null
                ? now.engine().resizeInPlace(cpu, address, bytes)
                : bytes <= home.sizeOf(address);
        gate().leave(in);
        return done;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return resizeInPlace(address, bytes);
      }
    }

    @Override
    public void free(long address) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        Lodging home = lodgingOf(address);
        if (home == null) {
          now.engine().free(cpu, address);
        } else {
          freeLodger(home, address);
        }
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeAgain(() -> free(address));
      }
    }

    @Override
    public void freeSized(long address, long bytes) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        Lodging home = lodgingOf(address);
        if (home == null) {
          now.engine().freeSized(cpu, address, bytes);
        } else {
          freeLodger(home, address);
        }
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeAgain(() -> freeSized(address, bytes));
      }
    }

    @Override
    public void freeBulk(long[] addresses, int from, int count) {
      Objects.checkFromIndexSize(from, count, addresses.length);
      if (lodgers.any()) {
        freeEach(addresses, from, count, false);
        return;
      }
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        if (!lodgers.any()) {
          now.engine().freeBulk(cpu, addresses, from, count);
        }
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeEach(addresses, from, count, true);
        return;
      }
      freeEach(addresses, from, count, false); // nothing, unless a swap came between the two looks
    }

    private void freeEach(long[] addresses, int from, int count, boolean again) {
      for (int i = from; i < from + count; i++) {
        long address = addresses[i];
        if (address != HeapEngine.NULL && again) {
          freeAgain(() -> free(address));
        } else if (address != HeapEngine.NULL) {
          free(address);
        }
        addresses[i] = HeapEngine.NULL;
      }
    }

    @Override
    public long usableSize(long address) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        Lodging home = lodgingOf(address);
        long usable = home == null ? now.engine().usableSize(address) : home.sizeOf(address);
        gate().leave(in);
        return usable;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return usableSize(address);
      }
    }

    @Override
    public long trim(long keep) {
      GateCell in = enter();
      HeapBinding now = bindingFor(in);
      try {
        long given = now.engine().trim(keep);
        gate().leave(in);
        return given;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return trim(keep);
      }
    }

    @Override
    public void close() {
      // What the port holds is the slot's: there is nothing to give back.
    }
  }
}
