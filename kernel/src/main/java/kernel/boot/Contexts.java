package kernel.boot;

import hardware.api.Machine;
import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import java.lang.foreign.MemorySegment;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;
import vmem.api.AddressContext;

/** What engines are opened with. */
final class Contexts {
  private Contexts() {}

  /** What a frame engine is opened with. */
  record Frames(Machine machine, List<FrameSpan> present, List<FrameSpan> free)
      implements FrameContext {
    @Override
    public int pageBytes() {
      return machine.memory().pageBytes();
    }

    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }

  /** What an address engine is opened with. */
  record Addresses(Machine machine) implements AddressContext {
    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public int pageBytes() {
      return machine.memory().pageBytes();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }

  /** What a heap engine is opened with. */
  record HeapMemory(Machine machine, BackedSpans spans, Window window) implements HeapContext {
    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return machine.memory().reserveMetadata(bytes);
    }
  }
}
