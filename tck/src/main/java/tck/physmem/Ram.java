package tck.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/**
 * RAM that is all free, and room for metadata.
 *
 * @param cpus number of CPUs; their nodes go round
 * @param present the RAM
 */
public record Ram(int cpus, List<FrameSpan> present) implements FrameContext {
  private static final int PAGE = 4096;

  /** Copies the spans. */
  public Ram {
    present = List.copyOf(present);
  }

  @Override
  public int pageBytes() {
    return PAGE;
  }

  @Override
  public List<FrameSpan> free() {
    return present;
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }

  @Override
  public int nodeOf(int cpu) {
    return cpu % (present.stream().mapToInt(FrameSpan::node).max().orElse(0) + 1);
  }
}
