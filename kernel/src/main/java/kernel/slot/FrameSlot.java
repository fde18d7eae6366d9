package kernel.slot;

import allocator.api.CensusSummary;
import java.util.List;
import physmem.api.FrameAllocator;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FramePort;
import physmem.api.ZoneReport;

/** The physmem slot: the frame allocator that clients hold. */
public final class FrameSlot implements FrameAllocator {
  private volatile Binding<FrameEngine> binding;

  /**
   * Opens the slot.
   *
   * @param binding what to serve from
   */
  public FrameSlot(Binding<FrameEngine> binding) {
    this.binding = binding;
  }

  /** {@return what is served from now} */
  public Binding<FrameEngine> binding() {
    return binding;
  }

  private FrameEngine engine() {
    return binding.engine();
  }

  @Override
  public FramePort open(int cpu) {
    return new Port(cpu);
  }

  @Override
  public String provider() {
    return binding.info().name();
  }

  @Override
  public long freeFrames() {
    return engine().freeFrames();
  }

  @Override
  public CensusSummary census() {
    return engine().census();
  }

  @Override
  public List<ZoneReport> zones() {
    return engine().zones();
  }

  /** A client's entrance. */
  private final class Port implements FramePort {
    private final int cpu;

    Port(int cpu) {
      this.cpu = cpu;
    }

    @Override
    public int cpu() {
      return cpu;
    }

    @Override
    public long allocate(int order, int flags) {
      return engine().allocate(cpu, order, flags);
    }

    @Override
    public void free(long frame, int order) {
      engine().free(cpu, frame, order);
    }

    @Override
    public int allocateBulk(int order, int flags, long[] into, int from, int count) {
      return engine().allocateBulk(cpu, order, flags, into, from, count);
    }

    @Override
    public void freeBulk(int order, long[] frames, int from, int count) {
      engine().freeBulk(cpu, order, frames, from, count);
    }

    @Override
    public boolean allocateAt(long frame, long count, int flags) {
      return engine().allocateAt(cpu, frame, count, flags);
    }

    @Override
    public long allocateContiguous(long count, FrameConstraints where, int flags) {
      return engine().allocateContiguous(cpu, count, where, flags);
    }

    @Override
    public void freeRange(long frame, long count) {
      engine().freeRange(cpu, frame, count);
    }

    @Override
    public void close() {
      // What the port holds is the slot's: there is nothing to give back.
    }
  }
}
