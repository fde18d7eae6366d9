package physmem.llfree;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import physmem.api.FrameContext;
import physmem.api.FrameFlags;

/**
 * For each CPU or preferred node and each highest zone: the zones to try, the best first. The
 * node's own zones come first, high to low, then those of the other nodes by distance. Immutable.
 */
final class Zonelists {
  private static final int NODES = 256; // values of the node field of FrameFlags, and none
  private static final int NODE_SHIFT = 8;
  private static final int ZONE_SHIFT = 2;
  private static final int REACHES = 3; // any zone, DMA32, DMA
  private static final int MOBILITIES = 3;

  private final int cpus;
  private final int[][] byCpu;
  private final int[][] byNode = new int[NODES * REACHES][];

  Zonelists(List<Zone> zones, FrameContext context) {
    this.cpus = context.cpus();
    this.byCpu = new int[cpus * REACHES][];
    for (int cpu = 0; cpu < cpus; cpu++) {
      fill(byCpu, cpu, context.nodeOf(cpu), zones, context);
    }
    for (int node = 0; node + 1 < NODES; node++) {
      fill(byNode, node + 1, node, zones, context);
    }
  }

  private static void fill(
      int[][] lists, int place, int node, List<Zone> zones, FrameContext context) {
    Comparator<Zone> best =
        Comparator.<Zone>comparingInt(zone -> context.distance(node, zone.node()))
            .thenComparingInt(zone -> Math.floorMod(zone.node() - node, NODES))
            .thenComparingInt(zone -> -zone.kind());
    for (int reach = 0; reach < REACHES; reach++) {
      int highest = Zone.NORMAL - reach;
      lists[place * REACHES + reach] =
          IntStream.range(0, zones.size())
              .filter(i -> zones.get(i).kind() <= highest)
              .boxed()
              .sorted(Comparator.comparing(zones::get, best))
              .mapToInt(Integer::intValue)
              .toArray();
    }
  }

  /**
   * {@return indices of zones for a call}
   *
   * @throws IllegalArgumentException if the CPU or something in the flags is none
   */
  int[] of(int cpu, int flags) {
    int reach = (flags & FrameFlags.ZONE_MASK) >>> ZONE_SHIFT;
    int place = (flags >>> NODE_SHIFT) & (NODES - 1);
    checkCpu(cpu);
    if (reach >= REACHES || FrameFlags.mobility(flags) >= MOBILITIES) {
      throw new IllegalArgumentException(
          "flags 0x%x: zone and mobility are 0 to 2 each".formatted(flags));
    }
    return place == 0 ? byCpu[cpu * REACHES + reach] : byNode[place * REACHES + reach];
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
}
