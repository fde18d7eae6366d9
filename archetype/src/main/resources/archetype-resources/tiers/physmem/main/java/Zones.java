package ${package};

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import physmem.api.FrameContext;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** What frames are in which zone, for limits and reports. The bitmap knows none. */
final class Zones {
  private static final List<String> NAMES = List.of("DMA", "DMA32", "Normal");

  private final List<FrameSpan> present;
  private final List<FrameSpan> managed;
  private final long[] bounds; // first frame of each zone, and the end of the last

  Zones(FrameContext context, List<FrameSpan> managed) {
    this.present = List.copyOf(context.present());
    this.managed = managed;
    long page = context.pageBytes();
    this.bounds = new long[] {0, (16L << 20) / page, (4L << 30) / page, Long.MAX_VALUE};
  }

  /** {@return the frame behind the last one that a request may have} */
  long limit(int flags) {
    return switch (flags & FrameFlags.ZONE_MASK) {
      case FrameFlags.ANY_ZONE -> bounds[3];
      case FrameFlags.DMA32 -> bounds[2];
      case FrameFlags.DMA -> bounds[1];
      default -> throw new IllegalArgumentException("flags 0x%x: no such zone".formatted(flags));
    };
  }

  /** {@return the number of frames that the allocator was given} */
  long managedFrames() {
    return frames(managed);
  }

  /** {@return a report per node and zone that has RAM} */
  List<ZoneReport> reports(Bitmap bitmap) {
    List<ZoneReport> all = new ArrayList<>();
    for (int node : new TreeSet<>(present.stream().map(FrameSpan::node).toList())) {
      for (int zone = 0; zone < NAMES.size(); zone++) {
        if (!within(present, node, zone).isEmpty()) {
          all.add(report(bitmap, node, zone));
        }
      }
    }
    return all;
  }

  private ZoneReport report(Bitmap bitmap, int node, int zone) {
    List<FrameSpan> ram = within(present, node, zone);
    List<FrameSpan> given = within(managed, node, zone);
    long start = ram.getFirst().start();
    long spanned = ram.getLast().end() - start;
    long[] blocks = new long[BitmapFrames.MAX_ORDER + 1];
    given.forEach(
        span -> bitmap.walkFree(span, (base, size, none) -> count(base, base + size, blocks)));
    long free = 0;
    for (int order = 0; order < blocks.length; order++) {
      free += blocks[order] << order;
    }
    return new ZoneReport(
        node,
        NAMES.get(zone),
        start,
        spanned,
        frames(ram),
        frames(given),
        free,
        0, // no stocks, no watermarks
        0,
        0,
        0,
        LongStream.of(blocks).boxed().toList());
  }

  private List<FrameSpan> within(List<FrameSpan> spans, int node, int zone) {
    List<FrameSpan> parts = new ArrayList<>();
    for (FrameSpan span : spans) {
      long from = Math.max(span.start(), bounds[zone]);
      long to = Math.min(span.end(), bounds[zone + 1]);
      if (span.node() == node && from < to) {
        parts.add(new FrameSpan(from, to - from, node));
      }
    }
    return parts;
  }

  private static long frames(List<FrameSpan> spans) {
    return spans.stream().mapToLong(FrameSpan::frames).sum();
  }

  /** Counts the aligned blocks that a run of free frames makes, as large as can be. */
  private static boolean count(long from, long to, long[] blocks) {
    for (long at = from; at < to; ) {
      int aligned = at == 0 ? BitmapFrames.MAX_ORDER : Long.numberOfTrailingZeros(at);
      int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(to - at);
      int order = Math.min(BitmapFrames.MAX_ORDER, Math.min(aligned, fits));
      blocks[order]++;
      at += 1L << order;
    }
    return true;
  }
}
