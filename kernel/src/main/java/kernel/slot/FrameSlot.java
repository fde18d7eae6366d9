package kernel.slot;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import java.util.List;
import java.util.Objects;
import kernel.gate.GateCell;
import physmem.api.FrameAllocator;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameMover;
import physmem.api.FramePort;
import physmem.api.ZoneReport;

/** The physmem slot: the frame allocator that clients hold. */
/*
 * Each call is written out: enter, call, leave, and if the engine broke, call its successor. One
 * shared method with a lambda per call would be shorter and would cost an indirect call each.
 */
public final class FrameSlot extends Slot<FrameEngine, Binding<FrameEngine>>
    implements FrameAllocator {
  /**
   * Opens the slot.
   *
   * @param binding what to serve from
   * @param vacantWaitMillis how long callers wait for a provider
   */
  public FrameSlot(Binding<FrameEngine> binding, long vacantWaitMillis) {
    super(Tier.PHYSMEM, binding, vacantWaitMillis);
  }

  @Override
  public FramePort open(int cpu) {
    return new Port(cpu);
  }

  @Override
  public long freeFrames() {
    return serving().map(now -> now.engine().freeFrames()).orElseGet(this::freeParked);
  }

  private long freeParked() {
    CensusSummary left = parked().map(ParkedEstate::census).orElse(CensusSummary.EMPTY);
    return left.managedUnits() - left.liveUnits();
  }

  @Override
  public List<ZoneReport> zones() {
    return serving().map(now -> now.engine().zones()).orElse(List.of());
  }

  // Providers may rely on it that no hot call is under way: docs/provider-rules.md.
  @Override
  public long compact(int order, FrameMover mover) {
    return quietly(now -> now.engine().compact(order, mover)).orElse(0L);
  }

  /** A client's entrance. */
  private final class Port implements FramePort {
    private final int cpu;
    private GateCell cell = gate().ownCell();

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
    public long allocate(int order, int flags) {
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        long answer = now.engine().allocate(cpu, order, flags);
        gate().leave(in);
        return answer;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocate(order, flags);
      }
    }

    @Override
    public void free(long frame, int order) {
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        now.engine().free(cpu, frame, order);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeAgain(() -> free(frame, order));
      }
    }

    @Override
    public int allocateBulk(int order, int flags, long[] into, int from, int count) {
      Objects.checkFromIndexSize(from, count, into.length);
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        int answer = now.engine().allocateBulk(cpu, order, flags, into, from, count);
        gate().leave(in);
        return answer;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateBulk(order, flags, into, from, count);
      }
    }

    @Override
    public void freeBulk(int order, long[] frames, int from, int count) {
      Objects.checkFromIndexSize(from, count, frames.length);
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        now.engine().freeBulk(cpu, order, frames, from, count);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        for (int i = from; i < from + count; i++) {
          long frame = frames[i];
          freeAgain(() -> free(frame, order));
        }
      }
    }

    @Override
    public boolean allocateAt(long frame, long count, int flags) {
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        boolean answer = now.engine().allocateAt(cpu, frame, count, flags);
        gate().leave(in);
        return answer;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateAt(frame, count, flags);
      }
    }

    @Override
    public long allocateContiguous(long count, FrameConstraints where, int flags) {
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        long answer = now.engine().allocateContiguous(cpu, count, where, flags);
        gate().leave(in);
        return answer;
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        return allocateContiguous(count, where, flags);
      }
    }

    @Override
    public void freeRange(long frame, long count) {
      GateCell in = enter();
      Binding<FrameEngine> now = bindingFor(in);
      try {
        now.engine().freeRange(cpu, frame, count);
        gate().leave(in);
      } catch (RuntimeException | Error e) {
        recover(in, now, e);
        freeAgain(() -> freeRange(frame, count));
      }
    }

    @Override
    public void close() {
      // What the port holds is the slot's: there is nothing to give back.
    }
  }
}
