package physmem.buddy;

import allocator.api.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;

/** A machine's RAM for tests, all of it free unless said otherwise. */
record TestRam(
    int cpus, List<FrameSpan> present, List<FrameSpan> free, int nodes, List<FrameZone> zones)
    implements FrameContext {
  private static final long LARGE = 1L << 24; // from here on a sparse file is cheaper

  TestRam(int cpus, List<FrameSpan> present, List<FrameSpan> free, int nodes) {
    this(cpus, present, free, nodes, List.of());
  }

  static TestRam of(int cpus, FrameSpan... spans) {
    List<FrameSpan> all = List.of(spans);
    int nodes = all.stream().mapToInt(FrameSpan::node).max().orElse(0) + 1;
    return new TestRam(cpus, all, all, nodes);
  }

  /** Pairs of first frame and count, on node 0. */
  static TestRam spans(int cpus, long... spans) {
    List<FrameSpan> all = new ArrayList<>();
    for (int i = 0; i < spans.length; i += 2) {
      all.add(new FrameSpan(spans[i], spans[i + 1], 0));
    }
    return of(cpus, all.toArray(FrameSpan[]::new));
  }

  BuddyFrames open(String... settings) {
    Map<String, String> values = new java.util.HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return new BuddyFrames(this, BuddySettings.read(new Settings("physmem.buddy", values)));
  }

  @Override
  public int pageBytes() {
    return 4096;
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    return bytes > LARGE
        ? HostMemory.reserve(Arena.ofAuto(), bytes)
        : Arena.ofAuto().allocate(bytes, Long.BYTES);
  }

  @Override
  public int nodeOf(int cpu) {
    return cpu % nodes;
  }
}
