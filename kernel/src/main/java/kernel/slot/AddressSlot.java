package kernel.slot;

import allocator.api.CensusSummary;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import vmem.api.AddressAllocator;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** The vmem slot: the address allocator that clients hold, with handles for its arenas. */
public final class AddressSlot implements AddressAllocator {
  private final List<Handle> handles = new CopyOnWriteArrayList<>();
  private volatile Binding<AddressEngine> binding;

  /**
   * Opens the slot.
   *
   * @param binding what to serve from
   */
  public AddressSlot(Binding<AddressEngine> binding) {
    this.binding = binding;
  }

  /** {@return what is served from now} */
  public Binding<AddressEngine> binding() {
    return binding;
  }

  @Override
  public AddressArena createArena(ArenaSpec spec) {
    Handle handle = new Handle(binding.engine().createArena(spec));
    handles.add(handle);
    return handle;
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(handles);
  }

  @Override
  public String provider() {
    return binding.info().name();
  }

  @Override
  public CensusSummary census() {
    return binding.engine().census();
  }

  /** A client's arena, which outlives the engine that serves it. */
  private final class Handle implements AddressArena {
    private volatile AddressArena arena;

    Handle(AddressArena arena) {
      this.arena = arena;
    }

    @Override
    public ArenaSpec spec() {
      return arena.spec();
    }

    @Override
    public void addSpan(long base, long size) {
      arena.addSpan(base, size);
    }

    @Override
    public long allocate(int cpu, long size, FitPolicy policy) {
      return arena.allocate(cpu, size, policy);
    }

    @Override
    public long allocateConstrained(
        int cpu, long size, AddressConstraints where, FitPolicy policy) {
      return arena.allocateConstrained(cpu, size, where, policy);
    }

    @Override
    public void free(int cpu, long base, long size) {
      arena.free(cpu, base, size);
    }

    @Override
    public void freeConstrained(int cpu, long base, long size) {
      arena.freeConstrained(cpu, base, size);
    }

    @Override
    public boolean contains(long base, long size) {
      return arena.contains(base, size);
    }

    @Override
    public long allocatedBytes() {
      return arena.allocatedBytes();
    }

    @Override
    public long freeBytes() {
      return arena.freeBytes();
    }

    @Override
    public long largestFree() {
      return arena.largestFree();
    }

    @Override
    public void walkAllocated(RangeVisitor visitor) {
      arena.walkAllocated(visitor);
    }

    @Override
    public void walkFree(RangeVisitor visitor) {
      arena.walkFree(visitor);
    }

    @Override
    public void walkSpans(RangeVisitor visitor) {
      arena.walkSpans(visitor);
    }

    @Override
    public List<Statistic> statistics() {
      return arena.statistics();
    }

    @Override
    public void close() {
      arena.close();
      handles.remove(this);
    }
  }
}
