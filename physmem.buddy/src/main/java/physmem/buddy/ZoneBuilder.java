package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.MAX_FRAMES;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/**
 * Makes the zones of a machine from its RAM map: DMA below 16 MiB, DMA32 below 4 GiB, Normal above,
 * for each NUMA node. Used once, by one thread.
 */
final class ZoneBuilder {
  private static final long DMA_LIMIT = 16L << 20;
  private static final long DMA32_LIMIT = 4L << 30;

  /*
   * Grouping by mobility needs a pageblock for each type in each of its uses; the kernel counts its
   * five types: these three, high-order atomic, and isolated.
   */
  private static final long LEAST_GROUPED = 5L * BLOCK_FRAMES;

  private final FrameContext context;
  private final BuddySettings settings;
  private final boolean grouping;
  private final long[] limits; // first frame of each kind of zone, and the end of all
  private final List<Zone> zones = new ArrayList<>();
  private final List<MemorySegment> metadata = new ArrayList<>();

  ZoneBuilder(FrameContext context, BuddySettings settings) {
    this.context = context;
    this.settings = settings;
    this.limits =
        new long[] {
          0, DMA_LIMIT / context.pageBytes(), DMA32_LIMIT / context.pageBytes(), Long.MAX_VALUE
        };
    long managed = context.free().stream().mapToLong(FrameSpan::frames).sum();
    this.grouping =
        settings.grouping().equals("on")
            || (settings.grouping().equals("auto") && managed >= LEAST_GROUPED);
  }

  boolean grouping() {
    return grouping;
  }

  /** {@return the metadata reserved so far} */
  List<MemorySegment> metadata() {
    return metadata;
  }

  /** {@return the zones, with everything free that the context says is free} */
  ZoneTable build() {
    context.present().stream().mapToInt(FrameSpan::node).distinct().sorted().forEach(this::addNode);
    place(context.present(), false);
    place(context.free(), true);
    return stretches();
  }

  private void addNode(int node) {
    List<FrameSpan> spans = context.present().stream().filter(s -> s.node() == node).toList();
    long first = spans.stream().mapToLong(FrameSpan::start).min().orElse(0);
    long end = spans.stream().mapToLong(FrameSpan::end).max().orElse(0);
    for (int kind = 0; kind < Zone.KINDS; kind++) {
      long from = Math.max(first, limits[kind]);
      long to = Math.min(end, limits[kind + 1]);
      long low = limits[kind];
      long high = limits[kind + 1];
      if (spans.stream().anyMatch(span -> span.start() < high && span.end() > low)) {
        zones.add(makeZone(node, kind, from, to));
      }
    }
  }

  private Zone makeZone(int node, int kind, long from, long to) {
    long room = Math.min(limits[kind + 1] - to, settings.hotplugBytes() / context.pageBytes());
    long base = Geometry.roundDown(from, MAX_FRAMES);
    long frames = Geometry.roundUp(to + room, MAX_FRAMES) - base;
    if (frames / BLOCK_FRAMES > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "node %d: frames [%d, %d) are more than a zone can span".formatted(node, from, to));
    }
    Zone.Parts parts = makeParts(base, frames);
    int cpus = settings.cpuLists() ? context.cpus() : 0;
    return new Zone(zones.size(), node, kind, from, to - from, parts, cpus);
  }

  private Zone.Parts makeParts(long base, long frames) {
    int blocks = (int) (frames / BLOCK_FRAMES);
    PageblockTable table = new PageblockTable(base, blocks, reserve(PageblockTable.bytes(blocks)));
    for (int block = 0; block < blocks && !grouping; block++) {
      table.setType(block, Geometry.UNMOVABLE);
    }
    LiveFrames live = new LiveFrames(base, frames, reserve(frames));
    FreeBlocks free = new FreeBlocks(table);
    return new Zone.Parts(free, live, new Picker(free, live, grouping));
  }

  private long reserve(long bytes) {
    MemorySegment memory = context.reserveMetadata(bytes);
    metadata.add(memory);
    return memory.address();
  }

  private void place(List<FrameSpan> spans, boolean free) {
    for (FrameSpan span : spans) {
      for (Zone zone : zones) {
        long from = Math.max(span.start(), limits[zone.kind()]);
        long to = Math.min(span.end(), limits[zone.kind() + 1]);
        if (zone.node() == span.node() && from < to) {
          place(zone, from, to, free);
        }
      }
    }
  }

  private static void place(Zone zone, long from, long to, boolean free) {
    if (!free) {
      zone.present().add(from, to);
    } else if (zone.present().within(from, to) != to - from) {
      throw new IllegalArgumentException(
          "free frames [%d, %d) are not all present".formatted(from, to));
    } else {
      zone.managed().add(from, to);
      zone.free().seed(from, to);
    }
  }

  private record Stretch(long start, Zone owner) {}

  private ZoneTable stretches() {
    List<Stretch> all = new ArrayList<>();
    for (Zone zone : zones) {
      zone.present().ends().keySet().forEach(start -> all.add(new Stretch(start, zone)));
    }
    all.sort(Comparator.comparingLong(Stretch::start));
    List<Stretch> kept = new ArrayList<>();
    for (Stretch stretch : all) {
      if (kept.isEmpty() || kept.getLast().owner() != stretch.owner()) {
        kept.add(stretch);
      }
    }
    return new ZoneTable(
        zones,
        kept.stream().mapToLong(Stretch::start).toArray(),
        kept.stream().map(Stretch::owner).toArray(Zone[]::new));
  }
}
