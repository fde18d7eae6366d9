package physmem.bitmap;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** Shows the frames by the zones that Linux would make of them, though the map knows none. */
final class Reports {
  /** DMA, DMA32, Normal. */
  static final int KINDS = 3;

  private static final List<String> NAMES = List.of("DMA", "DMA32", "Normal");
  private static final long[] ENDS = {1L << 12, 1L << 20, Long.MAX_VALUE}; // frames

  private final List<FrameSpan> present;
  private final List<FrameSpan> managed;

  Reports(List<FrameSpan> present, List<FrameSpan> managed) {
    this.present = List.copyOf(present);
    this.managed = managed;
  }

  /** {@return the frame behind the last one of a kind of zone} */
  static long endOf(int kind) {
    return ENDS[kind];
  }

  /** {@return a report per node and zone that has frames} */
  List<ZoneReport> zones(FrameMap map) {
    List<ZoneReport> all = new ArrayList<>();
    for (int node : new TreeSet<>(present.stream().map(FrameSpan::node).toList())) {
      IntStream.range(0, KINDS).forEach(kind -> addZone(all, map, node, kind));
    }
    return all;
  }

  private void addZone(List<ZoneReport> all, FrameMap map, int node, int kind) {
    List<FrameSpan> here = within(present, node, kind);
    if (here.isEmpty()) {
      return;
    }
    List<FrameSpan> given = within(managed, node, kind);
    long start = here.getFirst().start();
    all.add(
        new ZoneReport(
            node,
            NAMES.get(kind),
            start,
            here.getLast().end() - start,
            frames(here),
            frames(given),
            given.stream().mapToLong(span -> free(map, span)).sum(),
            0,
            0,
            0,
            0,
            LongStream.of(freeBlocks(map, given)).boxed().toList()));
  }

  private static long frames(List<FrameSpan> spans) {
    return spans.stream().mapToLong(FrameSpan::frames).sum();
  }

  private static List<FrameSpan> within(List<FrameSpan> spans, int node, int kind) {
    long low = kind == 0 ? 0 : ENDS[kind - 1];
    return spans.stream()
        .filter(span -> span.node() == node && span.start() < ENDS[kind] && span.end() > low)
        .map(span -> cut(span, low, ENDS[kind]))
        .toList();
  }

  private static FrameSpan cut(FrameSpan span, long low, long high) {
    long start = Math.max(span.start(), low);
    return new FrameSpan(start, Math.min(span.end(), high) - start, span.node());
  }

  private static long free(FrameMap map, FrameSpan span) {
    long bit = map.stretches().bitOf(span.start(), span.frames());
    return map.free().cardinality(bit, bit + span.frames());
  }

  /** {@return how many aligned blocks the free frames make, as large as can be, by order} */
  private static long[] freeBlocks(FrameMap map, List<FrameSpan> spans) {
    long[] counts = new long[BitmapFrames.MAX_ORDER + 1];
    for (FrameSpan span : spans) {
      long at = map.stretches().bitOf(span.start(), span.frames());
      long limit = at + span.frames();
      while (at < limit) {
        long from = map.free().next(true, at, limit);
        long to = map.free().next(false, from, limit);
        countBlocks(from, to, counts);
        at = to;
      }
    }
    return counts;
  }

  private static void countBlocks(long from, long to, long[] counts) {
    for (long at = from; at < to; ) {
      int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(to - at);
      int aligned = at == 0 ? BitmapFrames.MAX_ORDER : Long.numberOfTrailingZeros(at);
      int order = Math.min(BitmapFrames.MAX_ORDER, Math.min(fits, aligned));
      counts[order]++;
      at += 1L << order;
    }
  }
}
