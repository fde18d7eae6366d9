package physmem.api;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The RAM of a machine as a successor finds it: of what was free at boot, only what the predecessor
 * managed at the end may be handed out. What is missing was taken out of service, on request or
 * because of a fault; from an estate the two cannot be told apart.
 *
 * <p>An engine that lays its structures out by {@link FrameContext#free} lays them out by this one
 * anew in {@link FrameEngine#rebuild} if {@link #missing} is not empty. Immutable.
 *
 * @param machine what the successor was opened with
 * @param free what it may hand out, in rising order, disjoint
 * @param missing what of the machine's free frames it may not, in rising order, disjoint
 */
public record InheritedRam(FrameContext machine, List<FrameSpan> free, List<FrameSpan> missing)
    implements FrameContext {
  /** Copies the spans. */
  public InheritedRam {
    free = List.copyOf(free);
    missing = List.copyOf(missing);
  }

  /**
   * Compares what a predecessor managed with what its successor was opened with.
   *
   * @param machine what the successor was opened with
   * @param estate what the predecessor leaves
   * @return the RAM that the successor may hand out
   * @throws TransferRefusedException if the predecessor managed frames that are none of the
   *     machine's free ones, as when they were added while it ran; the message names them
   */
  public static InheritedRam of(FrameContext machine, Estate estate) {
    TreeMap<Long, Long> left = joined(estate);
    List<FrameSpan> free = new ArrayList<>();
    List<FrameSpan> missing = new ArrayList<>();
    for (FrameSpan span : machine.free()) {
      long at = span.start();
      for (Map.@Nullable Entry<Long, Long> held = next(left, at);
          held != null && held.getKey() < span.end();
          held = next(left, at)) {
        long from = Math.max(at, held.getKey());
        long to = Math.min(span.end(), held.getValue());
        add(missing, at, from, span.node());
        add(free, from, to, span.node());
        cut(left, held, from, to);
        at = to;
      }
      add(missing, at, span.end(), span.node());
    }
    left.forEach(InheritedRam::refuse);
    return new InheritedRam(machine, missing.isEmpty() ? machine.free() : free, missing);
  }

  /** {@return what an estate shows as managed: first frame to the frame behind, disjoint} */
  private static TreeMap<Long, Long> joined(Estate estate) {
    TreeMap<Long, Long> ranges = new TreeMap<>();
    estate.managed((base, size, attributes) -> {
      ranges.merge(base, base + size, Math::max);
      return true;
    });
    TreeMap<Long, Long> joined = new TreeMap<>();
    ranges.forEach((from, to) -> {
      Map.Entry<Long, Long> below = joined.lastEntry();
      boolean touches = below != null && below.getValue() >= from;
      joined.merge(touches ? below.getKey() : from, to, Math::max);
    });
    return joined;
  }

  // The range that holds a frame, or else the next above.
  private static Map.@Nullable Entry<Long, Long> next(TreeMap<Long, Long> ranges, long at) {
    Map.Entry<Long, Long> below = ranges.floorEntry(at);
    return below != null && below.getValue() > at ? below : ranges.higherEntry(at);
  }

  private static void cut(
      TreeMap<Long, Long> ranges, Map.Entry<Long, Long> range, long from, long to) {
    ranges.remove(range.getKey());
    if (range.getKey() < from) {
      ranges.put(range.getKey(), from);
    }
    if (to < range.getValue()) {
      ranges.put(to, range.getValue());
    }
  }

  private static void add(List<FrameSpan> spans, long from, long to, int node) {
    if (from < to) {
      spans.add(new FrameSpan(from, to - from, node));
    }
  }

  private static void refuse(long from, long to) {
    throw new TransferRefusedException(
        "frames [0x%x, 0x%x) were managed by the predecessor and are none of this machine's free RAM"
            .formatted(from, to));
  }

  @Override
  public int pageBytes() {
    return machine.pageBytes();
  }

  @Override
  public int cpus() {
    return machine.cpus();
  }

  @Override
  public List<FrameSpan> present() {
    return machine.present();
  }

  @Override
  public List<FrameZone> zones() {
    return machine.zones();
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    return machine.reserveMetadata(bytes);
  }

  @Override
  public void releaseMetadata(MemorySegment memory) {
    machine.releaseMetadata(memory);
  }

  @Override
  public int nodeOf(int cpu) {
    return machine.nodeOf(cpu);
  }

  @Override
  public int distance(int from, int to) {
    return machine.distance(from, to);
  }
}
