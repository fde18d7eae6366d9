package physmem.buddy;

import java.util.Comparator;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameFlags;

/**
 * For each CPU or preferred node and each highest zone: the zones to try, the best first. The
 * node's own zones come first, high to low, then those of the other nodes by distance. Zone Movable
 * is only for requests for movable frames that name no zone. Immutable.
 */
final class Zonelists {
  private static final int NODES = 256; // values of the node field of FrameFlags, and none
  private static final int NODE_SHIFT = 8;
  private static final int ZONE_SHIFT = 2;
  private static final int REACHES = 4; // any zone, DMA32, DMA, any zone for what can move
  private static final int MOVABLE_REACH = 3;

  private final int cpus;
  private final Zonelist[] byCpu;
  private final Zonelist[] byNode = new Zonelist[NODES * REACHES];

  Zonelists(List<Zone> zones, FrameContext context) {
    this.cpus = context.cpus();
    this.byCpu = new Zonelist[context.cpus() * REACHES];
    for (int cpu = 0; cpu < context.cpus(); cpu++) {
      fill(byCpu, cpu, context.nodeOf(cpu), zones, context);
    }
    for (int node = 0; node + 1 < NODES; node++) {
      fill(byNode, node + 1, node, zones, context);
    }
  }

  private static void fill(
      Zonelist[] lists, int place, int node, List<Zone> zones, FrameContext context) {
    for (int reach = 0; reach < REACHES; reach++) {
      int highest = reach == MOVABLE_REACH ? Zone.MOVABLE : Zone.NORMAL - reach;
      Comparator<Zone> best =
          Comparator.<Zone>comparingInt(zone -> context.distance(node, zone.node()))
              .thenComparingInt(zone -> Math.floorMod(zone.node() - node, NODES))
              .thenComparingInt(zone -> -zone.kind());
      Zone[] order =
          zones.stream().filter(zone -> zone.kind() <= highest).sorted(best).toArray(Zone[]::new);
      lists[place * REACHES + reach] = new Zonelist(order, highest);
    }
  }

  /**
   * {@return the list for a call}
   *
   * @throws IllegalArgumentException if the CPU or the zone in the flags is none
   */
  Zonelist of(int cpu, int flags) {
    int reach = (flags & FrameFlags.ZONE_MASK) >>> ZONE_SHIFT;
    int place = (flags >>> NODE_SHIFT) & (NODES - 1);
    checkCpu(cpu);
    if (reach >= MOVABLE_REACH) {
      throw new IllegalArgumentException("flags 0x%x: no such zone".formatted(flags));
    }
    if (reach == 0 && FrameFlags.mobility(flags) == FrameFlags.MOVABLE) {
      reach = MOVABLE_REACH;
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
