package kernel.slot;

import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.Tier;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import kernel.gate.GateCell;
import org.jspecify.annotations.Nullable;
import vmem.api.AddressAllocator;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** The vmem slot: the address allocator that clients hold, with handles for its arenas. */
public final class AddressSlot extends Slot<AddressEngine, AddressBinding>
    implements AddressAllocator {
  private final List<Handle> handles = new CopyOnWriteArrayList<>();

  /**
   * Opens the slot.
   *
   * @param binding what to serve from; has no arena yet
   * @param vacantWaitMillis how long callers wait for a provider
   */
  public AddressSlot(AddressBinding binding, long vacantWaitMillis) {
    super(Tier.VMEM, binding, vacantWaitMillis);
  }

  @Override
  public void bind(AddressBinding next) {
    super.bind(next);
    handles.forEach(Handle::forget);
  }

  @Override
  public void park(ParkedEstate estate) {
    super.park(estate);
    handles.forEach(Handle::forget);
  }

  @Override
  public AddressArena createArena(ArenaSpec spec) {
    GateCell in = gate().enter(gate().ownCell());
    try {
      synchronized (handles) {
        binding().engine().createArena(spec);
        refresh();
        Handle handle = new Handle(spec);
        handles.add(handle);
        return handle;
      }
    } finally {
      gate().leave(in);
    }
  }

  // The arenas have changed: the binding finds them by name.
  private void refresh() {
    AddressBinding now = binding();
    bind(now.behind(now.engine()));
  }

  @Override
  public List<AddressArena> arenas() {
    return List.copyOf(handles);
  }

  /** {@return the descriptions of the arenas in the order in which they were made} */
  public List<ArenaSpec> specs() {
    return handles.stream().map(Handle::spec).toList();
  }

  /** An engine's arena, and the binding that it is of. */
  private record Found(@Nullable AddressBinding binding, @Nullable AddressArena arena) {
    static final Found NONE = new Found(null, null);
  }

  /** A client's arena, which outlives the engine that serves it. */
  private final class Handle implements AddressArena {
    private final ArenaSpec spec;
    private GateCell cell = gate().ownCell(); // whose it is is looked at before it is used
    private Found found = Found.NONE; // immutable, so any thread may leave its own here
    private volatile boolean closed;

    Handle(ArenaSpec spec) {
      this.spec = spec;
    }

    void forget() {
      found = Found.NONE;
    }

    private GateCell enter() {
      GateCell in = gate().enter(cell);
      cell = in;
      return in;
    }

    private AddressArena arena(AddressBinding now) {
      Found last = found;
      AddressArena arena = last.arena();
      return last.binding() == now && arena != null ? arena : find(now);
    }

    private AddressArena find(AddressBinding now) {
      AddressArena arena = now.arenas().get(spec.name());
      if (arena == null || closed) {
        throw new MisuseException("arena " + spec.name() + " has been closed");
      }
      found = new Found(now, arena);
      return arena;
    }

    @Override
    public ArenaSpec spec() {
      return spec;
    }

    @Override
    public void addSpan(long base, long size) {
      GateCell in = enter();
      AddressBinding now = bindingFor(in);
      try {
        arena(now).addSpan(base, size);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        addSpan(base, size);
      }
    }

    @Override
    public long allocate(int cpu, long size, FitPolicy policy) {
      GateCell in = enter();
      AddressBinding now = bindingFor(in);
      try {
        long base = arena(now).allocate(cpu, size, policy);
        gate().leave(in);
        return base;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocate(cpu, size, policy);
      }
    }

    @Override
    public long allocateConstrained(
        int cpu, long size, AddressConstraints where, FitPolicy policy) {
      GateCell in = enter();
      AddressBinding now = bindingFor(in);
      try {
        long base = arena(now).allocateConstrained(cpu, size, where, policy);
        gate().leave(in);
        return base;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateConstrained(cpu, size, where, policy);
      }
    }

    @Override
    public void free(int cpu, long base, long size) {
      GateCell in = enter();
      AddressBinding now = bindingFor(in);
      try {
        arena(now).free(cpu, base, size);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeAgain(() -> free(cpu, base, size));
      }
    }

    @Override
    public void freeConstrained(int cpu, long base, long size) {
      GateCell in = enter();
      AddressBinding now = bindingFor(in);
      try {
        arena(now).freeConstrained(cpu, base, size);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeAgain(() -> freeConstrained(cpu, base, size));
      }
    }

    @Override
    public boolean contains(long base, long size) {
      return ask(arena -> arena.contains(base, size));
    }

    @Override
    public long allocatedBytes() {
      return ask(AddressArena::allocatedBytes);
    }

    @Override
    public long freeBytes() {
      return ask(AddressArena::freeBytes);
    }

    @Override
    public long largestFree() {
      return ask(AddressArena::largestFree);
    }

    @Override
    public void walkAllocated(RangeVisitor visitor) {
      tell(arena -> arena.walkAllocated(visitor));
    }

    @Override
    public void walkFree(RangeVisitor visitor) {
      tell(arena -> arena.walkFree(visitor));
    }

    @Override
    public void walkSpans(RangeVisitor visitor) {
      tell(arena -> arena.walkSpans(visitor));
    }

    @Override
    public List<Statistic> statistics() {
      return ask(AddressArena::statistics);
    }

    // The cold questions; an engine that breaks over one of them is replaced at the next hot call.
    private <T> T ask(Function<AddressArena, T> question) {
      GateCell in = enter();
      try {
        return question.apply(arena(binding()));
      } finally {
        gate().leave(in);
      }
    }

    private void tell(Consumer<AddressArena> request) {
      ask(arena -> {
        request.accept(arena);
        return true;
      });
    }

    @Override
    public void close() {
      GateCell in = enter();
      try {
        synchronized (handles) {
          arena(binding()).close();
          closed = true;
          handles.remove(this);
          refresh();
        }
      } finally {
        gate().leave(in);
      }
    }
  }
}
