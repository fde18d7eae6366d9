package tck.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/**
 * RAM to stand a frame engine on: some of it may be the kernel's already.
 *
 * @param cpus number of CPUs
 * @param present the RAM
 * @param free what of it is free
 */
public record FrameGround(int cpus, List<FrameSpan> present, List<FrameSpan> free)
    implements FrameContext {
  private static final int PAGE = 4096;
  private static final long FOUR_GIB = 1L << 20; // in frames
  private static final long MIB = 256; // in frames

  /** Copies the spans. */
  public FrameGround {
    present = List.copyOf(present);
    free = List.copyOf(free);
  }

  /**
   * {@return a ground by its name: {@code one}, a span of 64 MiB; {@code ragged}, a dozen spans
   * with holes and odd lengths; {@code high}, spans around 16 MiB and 4 GiB; {@code numa}, two
   * nodes; {@code given}, RAM of which the kernel has some}
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static FrameGround named(String name, int cpus) {
    return switch (name) {
      case "one" -> all(cpus, List.of(new FrameSpan(0, 64 * MIB, 0)));
      case "ragged" -> all(cpus, ragged());
      case "high" ->
          all(
              cpus,
              List.of(
                  new FrameSpan(1, 158, 0),
                  new FrameSpan(MIB, 30 * MIB, 0),
                  new FrameSpan(FOUR_GIB - 20 * MIB - 7, 12 * MIB, 0),
                  new FrameSpan(FOUR_GIB, 24 * MIB + 13, 0)));
      case "numa" ->
          all(cpus, List.of(new FrameSpan(MIB, 32 * MIB, 0), new FrameSpan(64 * MIB, 32 * MIB, 1)));
      case "given" ->
          new FrameGround(
              cpus,
              List.of(new FrameSpan(0, 48 * MIB, 0)),
              List.of(new FrameSpan(1, 5 * MIB + 11, 0), new FrameSpan(8 * MIB + 3, 37 * MIB, 0)));
      default ->
          throw new IllegalArgumentException(
              name + ": not a ground; known are one, ragged, high, numa, given");
    };
  }

  private static FrameGround all(int cpus, List<FrameSpan> spans) {
    return new FrameGround(cpus, spans, spans);
  }

  private static List<FrameSpan> ragged() {
    List<FrameSpan> spans = new ArrayList<>();
    long at = 1;
    for (int i = 0; i < 12; i++) {
      long frames = 1 + (977L * i * i) % 2600;
      spans.add(new FrameSpan(at, frames, 0));
      at += frames + 1 + (i * 389L) % 1500;
    }
    return spans;
  }

  @Override
  public int pageBytes() {
    return PAGE;
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
