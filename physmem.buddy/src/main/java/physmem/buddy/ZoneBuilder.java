package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.MAX_FRAMES;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;

/**
 * Makes the zones of a machine from its RAM map: those that the kernel names, or else DMA below 16
 * MiB, DMA32 below 4 GiB, Normal above, for each NUMA node. Used once, by one thread.
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
  private final List<FrameZone> layout;
  private final List<Zone> zones = new ArrayList<>();
  private final List<MemorySegment> metadata = new ArrayList<>();

  ZoneBuilder(FrameContext context, BuddySettings settings) {
    this.context = context;
    this.settings = settings;
    this.limits =
        new long[] {
          0,
          DMA_LIMIT / context.pageBytes(),
          DMA32_LIMIT / context.pageBytes(),
          Long.MAX_VALUE, // Movable takes from the others only where the context says so
          Long.MAX_VALUE
        };
    this.layout = layout();
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
    for (int i = 0; i < layout.size(); i++) {
      FrameZone zone = layout.get(i);
      if (zone.frames() > 0) {
        zones.add(makeZone(zone, roomAbove(i)));
      }
    }
    place(context.present(), false);
    place(context.free(), true);
    return stretches();
  }

  /** {@return the zones of the context, or what x86-64 would have} */
  private List<FrameZone> layout() {
    if (!context.zones().isEmpty()) {
      return List.copyOf(context.zones());
    }
    List<FrameZone> all = new ArrayList<>();
    context.present().stream()
        .mapToInt(FrameSpan::node)
        .distinct()
        .sorted()
        .forEach(node -> addNode(all, node));
    return all;
  }

  private void addNode(List<FrameZone> all, int node) {
    List<FrameSpan> spans = context.present().stream().filter(s -> s.node() == node).toList();
    long first = spans.stream().mapToLong(FrameSpan::start).min().orElse(0);
    long end = spans.stream().mapToLong(FrameSpan::end).max().orElse(0);
    for (int kind = 0; kind < Zone.KINDS; kind++) {
      long low = limits[kind];
      long high = limits[kind + 1];
      boolean here = spans.stream().anyMatch(span -> span.start() < high && span.end() > low);
      long from = here ? Math.max(first, low) : 0;
      long to = here ? Math.min(end, high) : 0;
      all.add(new FrameZone(node, Zone.nameOf(kind), from, to - from));
    }
    all.add(new FrameZone(node, "Device", 0, 0));
  }

  /** {@return the first frame that a zone cannot grow to: its kind's limit, or the node's next} */
  private long roomAbove(int place) {
    FrameZone zone = layout.get(place);
    return layout.stream()
        .filter(other -> other.node() == zone.node() && other.frames() > 0)
        .mapToLong(FrameZone::start)
        .filter(start -> start >= zone.end())
        .min()
        .orElse(limits[Zone.kindOf(zone.name()) + 1]);
  }

  private Zone makeZone(FrameZone span, long limit) {
    long from = span.start();
    long to = span.end();
    int node = span.node();
    int kind = Zone.kindOf(span.name());
    long room = Math.min(Math.max(0, limit - to), settings.hotplugBytes() / context.pageBytes());
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
      long placed = 0;
      for (Zone zone : zones) {
        long from = Math.max(span.start(), zone.start());
        long to = Math.min(span.end(), zone.end());
        if (zone.node() == span.node() && from < to) {
          place(zone, from, to, free);
          placed += to - from;
        }
      }
      if (placed != span.frames()) {
        throw new IllegalArgumentException(
            "%d of the frames [%d, %d) of node %d are in no zone"
                .formatted(span.frames() - placed, span.start(), span.end(), span.node()));
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
        layout,
        zones,
        kept.stream().mapToLong(Stretch::start).toArray(),
        kept.stream().map(Stretch::owner).toArray(Zone[]::new));
  }
}
