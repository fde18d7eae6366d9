package kernel.boot;

import hardware.api.Machine;
import hardware.api.Window;
import heap.api.BackedSpans;
import heap.api.HeapContext;
import java.lang.foreign.MemorySegment;
import java.util.List;
import kernel.backing.EngineMemory;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;
import vmem.api.AddressContext;

/** What engines are opened with. */
final class Contexts {
  private Contexts() {}

  /** What a frame engine is opened with. */
  record Frames(
      Machine machine,
      EngineMemory memory,
      List<FrameSpan> present,
      List<FrameSpan> free,
      List<FrameZone> zones)
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
      return memory.reserve(bytes);
    }

    @Override
    public void releaseMetadata(MemorySegment segment) {
      memory.release(segment);
    }
  }

  /** What an address engine is opened with. */
  record Addresses(Machine machine, EngineMemory memory) implements AddressContext {
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
      return memory.reserve(bytes);
    }

    @Override
    public void releaseMetadata(MemorySegment segment) {
      memory.release(segment);
    }
  }

  /** What a heap engine is opened with. */
  record HeapMemory(Machine machine, EngineMemory memory, BackedSpans spans, Window window)
      implements HeapContext {
    @Override
    public int cpus() {
      return machine.cpus();
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return memory.reserve(bytes);
    }

    @Override
    public void releaseMetadata(MemorySegment segment) {
      memory.release(segment);
    }
  }
}
