package ${package};

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/** What the kernel would supply: RAM, all of it free. */
record Ram(List<FrameSpan> present) implements FrameContext {
  /** Two runs with a hole between them, on either side of 16 MiB. */
  static Ram small() {
    return new Ram(List.of(new FrameSpan(16, 4096, 0), new FrameSpan(5000, 3000, 0)));
  }

  @Override
  public int pageBytes() {
    return 4096;
  }

  @Override
  public int cpus() {
    return 4;
  }

  @Override
  public List<FrameSpan> free() {
    return present;
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }
}
