package bench;

import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.api.Tier;
import hardware.api.Machine;
import heap.api.HeapEngine;
import heap.api.HeapPort;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.ProviderInfo;
import kernel.api.SwapRequest;
import kernel.backing.EngineMemory;
import kernel.slot.Binding;
import kernel.slot.FrameSlot;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FramePort;
import physmem.api.ZoneReport;

/** One call, directly and through the slot's gate while nobody swaps; nanoseconds per call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Gates {
  private static final int BYTES = 64;

  /** An engine that does nothing, so that what is measured is the way to it. */
  @State(Scope.Thread)
  public static class Trivial {
    final Machine machine = PlainKernel.machine(1 << 24);
    final FrameEngine engine = new Constant();
    final FramePort port =
        new FrameSlot(
                new Binding<>(
                    new ProviderInfo(Tier.PHYSMEM, "constant", "none", "bench", "0", 0),
                    engine,
                    engine,
                    new EngineMemory(machine.memory())),
                0)
            .open(0);

    /** Switches the machine off. */
    @TearDown
    public void close() {
      machine.close();
    }
  }

  /** The default engines. */
  @State(Scope.Thread)
  public static class Real {
    final Stack stack = new Stack();
    final HeapEngine heap = stack.heapEngine;
    final HeapPort heapPort = stack.heap.open(0);
    final FrameEngine frames = stack.frameEngine;
    final FramePort framePort = stack.frames.open(0);

    /** Switches the machine off. */
    @TearDown
    public void close() {
      stack.close();
    }
  }

  /** The default heap after two swaps, with one block left from before them. */
  @State(Scope.Thread)
  public static class Lodged {
    final BootedSystem system =
        PlainKernel.create()
            .boot(new BootSpec(PlainKernel.ram(1 << 28), true, Map.of(Tier.HEAP, "dl"), List.of()));
    final HeapPort port = system.heap().open(0);

    /** Swaps to and fro. */
    public Lodged() {
      if (port.allocate(BYTES) == HeapEngine.NULL) {
        throw new IllegalStateException("the machine is too small for a block");
      }
      PlainKernel.swap(system, SwapRequest.of(Tier.HEAP, "slab"));
      PlainKernel.swap(system, SwapRequest.of(Tier.HEAP, "dl"));
    }

    /** Switches the machine off. */
    @TearDown
    public void close() {
      system.close();
    }
  }

  /** The trivial engine itself. */
  @Benchmark
  public long trivialDirect(Trivial state) {
    return state.engine.allocate(0, 0, 0);
  }

  /** The trivial engine behind the gate. */
  @Benchmark
  public long trivialSlot(Trivial state) {
    return state.port.allocate(0, 0);
  }

  /** A block and back, by the provider. */
  @Benchmark
  @OperationsPerInvocation(2)
  public void heapDirect(Real state) {
    state.heap.free(0, state.heap.allocate(0, BYTES));
  }

  /** A block and back, through the slot. */
  @Benchmark
  @OperationsPerInvocation(2)
  public void heapSlot(Real state) {
    state.heapPort.free(state.heapPort.allocate(BYTES));
  }

  /** A block and back, through the slot, while a block of a former heap lives. */
  @Benchmark
  @OperationsPerInvocation(2)
  public void heapSlotLodged(Lodged state) {
    state.port.free(state.port.allocate(BYTES));
  }

  /** A frame and back, by the provider. */
  @Benchmark
  @OperationsPerInvocation(2)
  public void framesDirect(Real state) {
    state.frames.free(0, state.frames.allocate(0, 0, 0), 0);
  }

  /** A frame and back, through the slot. */
  @Benchmark
  @OperationsPerInvocation(2)
  public void framesSlot(Real state) {
    state.framePort.free(state.framePort.allocate(0, 0), 0);
  }

  /** Answers every request with the same frame. */
  private static final class Constant implements FrameEngine {
    private long frame = 42; // not final: a constant would let the compiler drop the call

    @Override
    public String model() {
      return "none";
    }

    @Override
    public int maxOrder() {
      return 0;
    }

    @Override
    public long allocate(int cpu, int order, int flags) {
      return frame;
    }

    @Override
    public void free(int cpu, long freed, int order) {
      frame = freed;
    }

    @Override
    public boolean allocateAt(int cpu, long first, long count, int flags) {
      return false;
    }

    @Override
    public long allocateContiguous(int cpu, long count, FrameConstraints where, int flags) {
      return NONE;
    }

    @Override
    public void freeRange(int cpu, long first, long count) {
      frame = first;
    }

    @Override
    public long freeFrames() {
      return 0;
    }

    @Override
    public long metadataBytes() {
      return 0;
    }

    @Override
    public List<ZoneReport> zones() {
      return List.of();
    }

    @Override
    public List<Statistic> statistics() {
      return List.of();
    }

    @Override
    public void walk(RangeVisitor visitor) {
      // Nothing is ever live.
    }

    @Override
    public void managed(RangeVisitor visitor) {
      // Nothing is managed.
    }

    @Override
    public long checkInvariants() {
      return 0;
    }

    @Override
    public void close() {
      // There is nothing to give back.
    }
  }
}
