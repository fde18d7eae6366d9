package shell.text;

import java.io.PrintStream;
import java.util.List;
import physmem.api.ZoneReport;

/** The zones of RAM, for people: two tables, since one of all columns would be too wide. */
public final class ZonesText {
  private ZonesText() {}

  /**
   * Prints where the frames of each zone are, and its watermarks.
   *
   * @param zones the zones
   * @param out where to
   */
  public static void print(List<ZoneReport> zones, PrintStream out) {
    Table frames =
        new Table(
            ">node", "zone", ">start", ">spanned", ">present", ">managed", ">free", ">cached");
    Table marks = new Table(">node", "zone", ">min", ">low", ">high");
    for (ZoneReport zone : zones) {
      frames.row(
          zone.node(),
          zone.name(),
          Long.toHexString(zone.start()),
          zone.spanned(),
          zone.present(),
          zone.managed(),
          zone.free(),
          zone.cached());
      marks.row(zone.node(), zone.name(), zone.min(), zone.low(), zone.high());
    }
    frames.print(out);
    out.println();
    marks.print(out);
  }
}
