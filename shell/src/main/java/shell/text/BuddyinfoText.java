package shell.text;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import physmem.api.ZoneReport;

/** Free blocks by order, byte for byte as Linux's {@code /proc/buddyinfo}. */
public final class BuddyinfoText {
  private BuddyinfoText() {}

  /**
   * Prints a line per zone that has frames: the node, the zone's name in eight columns, and each
   * count in six columns with a space behind it.
   *
   * @param zones the zones
   * @param out where to
   */
  public static void print(List<ZoneReport> zones, PrintStream out) {
    for (ZoneReport zone : zones) {
      if (zone.present() == 0) {
        continue; // Linux shows such a zone in zoneinfo only
      }
      StringBuilder line =
          new StringBuilder(
              String.format(Locale.ROOT, "Node %d, zone %8s ", zone.node(), zone.name()));
      for (long count : zone.freeBlocks()) {
        line.append(String.format(Locale.ROOT, "%6d ", count));
      }
      out.print(line.append('\n'));
    }
    out.flush();
  }
}
