package physmem.arena;

import allocator.arena.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import physmem.api.FrameContext;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;

/** The zones of a machine: which has a frame, and which to try for a request. Immutable. */
final class ZoneArenas {
  private static final int REACHES = 3; // any zone, DMA32, DMA
  private static final int ZONE_SHIFT = 2;
  private static final int MOBILITIES = 3;

  private final List<ZoneArena> zones;
  private final ZoneArena[][] byCpu; // by CPU and reach
  private final ZoneArena[][] byNode; // by node and reach
  private final int cpus;
  private final long[] starts; // of all managed spans, rising
  private final long[] ends;
  private final ZoneArena[] owners;

  /** Makes the zones of a machine with all managed frames free in their arenas. */
  ZoneArenas(FrameContext context, FrameSettings settings) {
    this(zones(context, settings), context);
    for (ZoneArena zone : zones) {
      zone.managed().forEach(span -> zone.arena().addSpan(span.start(), span.frames()));
    }
  }

  /** Makes zones of arenas that have their spans. */
  ZoneArenas(List<ZoneArena> zones, FrameContext context) {
    this.zones = List.copyOf(zones);
    this.cpus = context.cpus();
    this.byCpu = new ZoneArena[cpus * REACHES][];
    for (int cpu = 0; cpu < cpus; cpu++) {
      fill(byCpu, cpu, context.nodeOf(cpu), context);
    }
    int nodes = zones.stream().mapToInt(ZoneArena::node).max().orElse(-1) + 1;
    this.byNode = new ZoneArena[nodes * REACHES][];
    for (int node = 0; node < nodes; node++) {
      fill(byNode, node, node, context);
    }
    int spans = zones.stream().mapToInt(zone -> zone.managed().size()).sum();
    this.starts = new long[spans];
    this.ends = new long[spans];
    this.owners = new ZoneArena[spans];
    index();
  }

  /** {@return the zones of a machine with empty arenas, by node and rising} */
  static List<ZoneArena> zones(FrameContext context, FrameSettings settings) {
    List<ZoneArena> made = new ArrayList<>();
    TreeSet<Integer> nodes = new TreeSet<>();
    context.present().forEach(span -> nodes.add(span.node()));
    for (int node : nodes) {
      for (int kind = 0; kind < ZoneArena.KINDS; kind++) {
        List<FrameSpan> present = part(context.present(), node, kind, context.pageBytes());
        if (!present.isEmpty()) {
          List<FrameSpan> managed = part(context.free(), node, kind, context.pageBytes());
          made.add(
              new ZoneArena(node, kind, present, managed, arena(node, kind, context, settings)));
        }
      }
    }
    return made;
  }

  private static Arena arena(int node, int kind, FrameContext context, FrameSettings settings) {
    return new Arena(
        ZoneArena.shape(node, kind, settings.cachedFrames()), settings.tuning(), context.cpus());
  }

  /** {@return what of spans is of a node and kind of zone; what adjoins is joined} */
  private static List<FrameSpan> part(List<FrameSpan> spans, int node, int kind, int pageBytes) {
    List<FrameSpan> part = new ArrayList<>();
    for (FrameSpan span : spans) {
      long from = Math.max(span.start(), ZoneArena.start(kind, pageBytes));
      long to = Math.min(span.end(), ZoneArena.end(kind, pageBytes));
      if (span.node() == node && from < to) {
        boolean adjoins = !part.isEmpty() && part.getLast().end() == from;
        long start = adjoins ? part.removeLast().start() : from;
        part.add(new FrameSpan(start, to - start, node));
      }
    }
    return part;
  }

  private void fill(ZoneArena[][] lists, int place, int node, FrameContext context) {
    Comparator<ZoneArena> best =
        Comparator.<ZoneArena>comparingInt(zone -> context.distance(node, zone.node()))
            .thenComparingInt(zone -> Math.abs(zone.node() - node))
            .thenComparingInt(ZoneArena::node)
            .thenComparingInt(zone -> -zone.kind());
    for (int reach = 0; reach < REACHES; reach++) {
      int highest = ZoneArena.NORMAL - reach;
      lists[place * REACHES + reach] =
          zones.stream()
              .filter(zone -> zone.kind() <= highest)
              .sorted(best)
              .toArray(ZoneArena[]::new);
    }
  }

  private void index() {
    record Part(FrameSpan span, ZoneArena zone) {}
    List<Part> parts =
        zones.stream()
            .flatMap(zone -> zone.managed().stream().map(span -> new Part(span, zone)))
            .sorted(Comparator.comparingLong(part -> part.span().start()))
            .toList();
    IntStream.range(0, starts.length)
        .forEach(i -> {
          starts[i] = parts.get(i).span().start();
          ends[i] = parts.get(i).span().end();
          owners[i] = parts.get(i).zone();
        });
  }

  /** {@return the zones, by node and rising} */
  List<ZoneArena> all() {
    return zones;
  }

  /**
   * {@return the zones to try for a request, the best first: the node's own from the highest down,
   * then those of other nodes by distance}
   *
   * @throws IllegalArgumentException if the CPU or something in the flags is none
   */
  ZoneArena[] of(int cpu, int flags) {
    checkCpu(cpu);
    int reach = (flags & FrameFlags.ZONE_MASK) >>> ZONE_SHIFT;
    if (reach >= REACHES || FrameFlags.mobility(flags) >= MOBILITIES) {
      throw new IllegalArgumentException(
          "flags 0x%x: zone and mobility are 0 to 2 each".formatted(flags));
    }
    int node = FrameFlags.node(flags);
    boolean known = node >= 0 && node * REACHES < byNode.length;
    return known ? byNode[node * REACHES + reach] : byCpu[cpu * REACHES + reach];
  }

  /**
   * Checks the index of a CPU.
   *
   * @throws IllegalArgumentException if there is no such CPU
   */
  void checkCpu(int cpu) {
    if (cpu < 0 || cpu >= cpus) {
      throw new IllegalArgumentException("CPU %d: there are %d".formatted(cpu, cpus));
    }
  }

  /** {@return the index of the managed span that has a frame, or -1} */
  int spanOf(long frame) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= frame) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return high >= 0 && starts[low] <= frame && frame < ends[low] ? low : -1;
  }

  /**
   * {@return whether a range reaches to an end of its managed span, so that a run may go on there}
   */
  boolean isAtEdge(int span, long frame, long count) {
    return frame == starts[span] || frame + count == ends[span];
  }

  /** {@return the frame behind a managed span} */
  long endOf(int span) {
    return ends[span];
  }

  /** {@return the zone of a managed span} */
  ZoneArena zoneOf(int span) {
    return owners[span];
  }
}
