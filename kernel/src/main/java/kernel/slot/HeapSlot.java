package kernel.slot;

import allocator.api.CensusSummary;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.Heap;
import heap.api.HeapEngine;
import heap.api.HeapPort;
import heap.api.ObjectCache;
import java.util.List;
import kernel.backing.HeapSpans;

/** The heap slot: the heap that clients hold. */
public final class HeapSlot implements Heap {
  private final HeapSpans spans;
  private final Window window;
  private volatile HeapEngine engine;
  private volatile Binding<HeapEngine> binding;

  /**
   * Opens the slot.
   *
   * @param binding what to serve from
   * @param spans where the engine imports from
   * @param window the memory of the blocks
   */
  public HeapSlot(Binding<HeapEngine> binding, HeapSpans spans, Window window) {
    this.binding = binding;
    this.engine = binding.engine();
    this.spans = spans;
    this.window = window;
  }

  /** {@return what is served from now} */
  public Binding<HeapEngine> binding() {
    return binding;
  }

  @Override
  public HeapPort open(int cpu) {
    return new Port(cpu);
  }

  @Override
  public ObjectCache createCache(CacheSpec spec) {
    return engine.createCache(spec).orElseGet(() -> new PlainObjectCache(this, spec));
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
  public String provider() {
    return binding.info().name();
  }

  @Override
  public long footprint() {
    return engine.footprint();
  }

  @Override
  public long peakFootprint() {
    return engine.peakFootprint();
  }

  @Override
  public CensusSummary census() {
    return engine.census();
  }

  @Override
  public List<Statistic> statistics() {
    return engine.statistics();
  }

  HeapEngine engine() {
    return engine;
  }

  /** A client's entrance. */
  private final class Port implements HeapPort {
    private final int cpu;

    Port(int cpu) {
      this.cpu = cpu;
    }

    @Override
    public int cpu() {
      return cpu;
    }

    @Override
    public long allocate(long bytes) {
      return engine.allocate(cpu, bytes);
    }

    @Override
    public long allocateZeroed(long bytes) {
      return engine.allocateZeroed(cpu, bytes);
    }

    @Override
    public long allocateAligned(long align, long bytes) {
      return engine.allocateAligned(cpu, align, bytes);
    }

    @Override
    public long resize(long address, long bytes) {
      return engine.resize(cpu, address, bytes);
    }

    @Override
    public boolean resizeInPlace(long address, long bytes) {
      return engine.resizeInPlace(cpu, address, bytes);
    }

    @Override
    public void free(long address) {
      engine.free(cpu, address);
    }

    @Override
    public void freeSized(long address, long bytes) {
      engine.freeSized(cpu, address, bytes);
    }

    @Override
    public void freeBulk(long[] addresses, int from, int count) {
      engine.freeBulk(cpu, addresses, from, count);
    }

    @Override
    public long usableSize(long address) {
      return engine.usableSize(address);
    }

    @Override
    public long trim(long keep) {
      return engine.trim(keep);
    }

    @Override
    public void close() {
      // What the port holds is the slot's: there is nothing to give back.
    }
  }
}
