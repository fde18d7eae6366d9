package tck.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;

/**
 * RAM to stand a frame engine on: some of it may be the kernel's already.
 *
 * @param cpus number of CPUs
 * @param present the RAM
 * @param free what of it is free
 * @param zones what each zone spans, or none
 */
public record FrameGround(
    int cpus, List<FrameSpan> present, List<FrameSpan> free, List<FrameZone> zones)
    implements FrameContext {
  private static final int PAGE = 4096;
  private static final long FOUR_GIB = 1L << 20; // in frames
  private static final long MIB = 256; // in frames

  /** Copies the spans. */
  public FrameGround {
    present = List.copyOf(present);
    free = List.copyOf(free);
    zones = List.copyOf(zones);
  }

  /**
   * {@return a ground by its name: {@code one}, a span of 64 MiB; {@code ragged}, a dozen spans
   * with holes and odd lengths; {@code high}, spans around 16 MiB and 4 GiB; {@code numa}, two
   * nodes; {@code given}, RAM of which the kernel has some; {@code linux}, zones as a kernel with
   * {@code movablecore=} had them, on two nodes}
   *
   * @param name one of these names
   * @param cpus the number of CPUs, at least 1
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
              List.of(new FrameSpan(1, 5 * MIB + 11, 0), new FrameSpan(8 * MIB + 3, 37 * MIB, 0)),
              List.of());
      case "linux" -> linux(cpus);
      default ->
          throw new IllegalArgumentException(
              name + ": not a ground; known are one, ragged, high, numa, given, linux");
    };
  }

  private static FrameGround all(int cpus, List<FrameSpan> spans) {
    return new FrameGround(cpus, spans, spans, List.of());
  }

  // Node 0 has RAM on both sides of 16 MiB and of 4 GiB; the upper third of node 1 is Movable.
  private static FrameGround linux(int cpus) {
    long low = 28 * MIB; // where node 0's RAM below 4 GiB ends
    long own = FOUR_GIB + 12 * MIB; // where node 1 begins
    long movable = own + 16 * MIB + 64;
    long end = own + 24 * MIB;
    List<FrameSpan> spans =
        List.of(
            new FrameSpan(1, 158, 0),
            new FrameSpan(MIB, low - MIB, 0),
            new FrameSpan(FOUR_GIB, own - FOUR_GIB, 0),
            new FrameSpan(own, end - own, 1));
    List<FrameZone> zones =
        List.of(
            new FrameZone(0, "DMA", 1, FramePlot.DMA_END - 1),
            new FrameZone(0, "DMA32", FramePlot.DMA_END, low - FramePlot.DMA_END),
            new FrameZone(0, "Normal", FOUR_GIB, own - FOUR_GIB),
            new FrameZone(0, "Movable", 0, 0),
            new FrameZone(0, "Device", 0, 0),
            new FrameZone(1, "DMA", 0, 0),
            new FrameZone(1, "DMA32", 0, 0),
            new FrameZone(1, "Normal", own, movable - own),
            new FrameZone(1, "Movable", movable, end - movable),
            new FrameZone(1, "Device", 0, 0));
    return new FrameGround(cpus, spans, spans, zones);
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

  /** {@return the frame behind the last one present} */
  long end() {
    return present.stream().mapToLong(FrameSpan::end).max().orElse(0);
  }

  /** {@return the free RAM, cut wherever an engine may have a border between zones} */
  List<FramePlot> plots() {
    TreeSet<Long> borders = new TreeSet<>(List.of(FramePlot.DMA_END, FramePlot.DMA32_END));
    zones.forEach(zone -> borders.addAll(List.of(zone.start(), zone.end())));
    List<FramePlot> plots = new ArrayList<>();
    for (FrameSpan span : free) {
      long at = span.start();
      for (long border : borders.subSet(span.start() + 1, span.end())) {
        plots.add(plot(at, border));
        at = border;
      }
      plots.add(plot(at, span.end()));
    }
    return plots;
  }

  private FramePlot plot(long start, long end) {
    boolean movable =
        zones.stream()
            .anyMatch(zone ->
                zone.name().equals("Movable") && zone.start() <= start && end <= zone.end());
    return new FramePlot(start, end, movable);
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
