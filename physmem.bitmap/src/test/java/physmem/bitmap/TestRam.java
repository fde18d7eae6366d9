package physmem.bitmap;

import allocator.api.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/** A machine's RAM for tests, all of it free unless said otherwise. */
record TestRam(
    int cpus,
    List<FrameSpan> present,
    List<FrameSpan> free,
    int nodes,
    List<MemorySegment> reserved,
    List<MemorySegment> released)
    implements FrameContext {
  static TestRam of(int cpus, FrameSpan... spans) {
    return of(cpus, List.of(spans), List.of(spans));
  }

  static TestRam of(int cpus, List<FrameSpan> present, List<FrameSpan> free) {
    int nodes = present.stream().mapToInt(FrameSpan::node).max().orElse(0) + 1;
    return new TestRam(cpus, present, free, nodes, new ArrayList<>(), new ArrayList<>());
  }

  /** Pairs of first frame and count, on node 0. */
  static TestRam spans(int cpus, long... spans) {
    List<FrameSpan> all = new ArrayList<>();
    for (int i = 0; i < spans.length; i += 2) {
      all.add(new FrameSpan(spans[i], spans[i + 1], 0));
    }
    return of(cpus, all.toArray(FrameSpan[]::new));
  }

  BitmapFrames open(String... settings) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return new BitmapFrames(this, BitmapSettings.read(new Settings("physmem.bitmap", values)));
  }

  @Override
  public int pageBytes() {
    return 4096;
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    MemorySegment memory = Arena.ofAuto().allocate(bytes, Long.BYTES);
    reserved.add(memory);
    return memory;
  }

  @Override
  public void releaseMetadata(MemorySegment memory) {
    memory.fill((byte) -1);
    released.add(memory);
  }

  @Override
  public int nodeOf(int cpu) {
    return cpu % nodes;
  }
}
