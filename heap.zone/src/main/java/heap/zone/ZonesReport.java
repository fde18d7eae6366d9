package heap.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what {@code zprint} does not show: submaps, addresses and guards, caching. */
final class ZonesReport {
  private ZonesReport() {}

  static List<String> print(ZoneSpace space) {
    List<String> lines = new ArrayList<>();
    submaps(space, lines);
    lines.add(
        "zone                      id submap end chunk  va    wired empty caching depot"
            + " contention");
    space.zones.all().forEach(zone -> lines.add(line(zone)));
    return lines;
  }

  private static void submaps(ZoneSpace space, List<String> lines) {
    boolean sequester = space.addresses.sequester();
    lines.add(
        "%s; %d bytes of addresses of at most %d, %d guard pages"
            .formatted(
                sequester ? "sequestered" : "not sequestered",
                space.addresses.budget().reserved(),
                space.addresses.budget().limit(),
                space.addresses.guardPages()));
    for (int i = 0; sequester && i < space.addresses.submaps().length; i++) {
      Submap submap = space.addresses.submaps()[i];
      lines.add(
          "GEN%d: %d bytes in %d spans, %d not yet used, %d lost between spans"
              .formatted(i, submap.reserved(), submap.count(), submap.unused(), submap.lost()));
    }
  }

  private static String line(Zone zone) {
    ZoneShape shape = zone.shape;
    return String.format(
        Locale.ROOT,
        "%-24s %3d   GEN%d  %-5s %4d %5d %5d %5d %-9s %3d %7.2f/s",
        zone.name(),
        shape.id(),
        shape.submap(),
        shape.fromEnd() ? "right" : "left",
        shape.geometry().chunkPages(),
        zone.chunks.vaPages(),
        zone.chunks.wired(),
        zone.chunks.wiredEmpty(),
        zone.isClosed() ? "destroyed" : zone.isCaching() ? "yes" : "no",
        zone.workingSet.depotMost(),
        (double) zone.contention.average() / Average.UNIT);
  }
}
