package shell.text;

import java.io.PrintStream;
import java.util.Locale;
import workbench.explain.Pins.Pin;
import workbench.explain.Pins.Regions;
import workbench.explain.Pins.Result;
import workbench.explain.Stepper.Block;

/** Which live blocks keep memory from going home. */
public final class PinText {
  private PinText() {}

  /**
   * Prints a table of the regions and, for each kind, the worst blocks.
   *
   * @param result what was found
   * @param out where to
   */
  public static void print(Result result, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "heap %s after event %,d: %,d live blocks of %s hold %s%n",
        result.heap(),
        result.event(),
        result.liveBlocks(),
        Sizes.bytes(result.liveBytes()),
        Sizes.bytes(result.footprint()));
    Table table =
        new Table("region", ">held", ">empty", ">pinned", ">shared", ">idle in pinned ones");
    for (Regions each : result.regions()) {
      table.row(
          each.name(),
          Sizes.count(each.count()),
          Sizes.count(each.empty()),
          Sizes.count(each.pinned()),
          Sizes.count(each.shared()),
          Sizes.bytes(each.pinnedBytes()));
    }
    table.print(out);
    result.regions().forEach(each -> worst(each, result.lowest(), out));
  }

  private static void worst(Regions regions, long lowest, PrintStream out) {
    if (regions.worst().isEmpty()) {
      return;
    }
    out.printf("%nblocks that alone hold a %s:%n", regions.name());
    Table table = new Table(">offset", ">size", ">block", ">bytes", ">born in line", ">event");
    for (Pin each : regions.worst()) {
      Block block = each.block();
      table.row(
          "0x" + Long.toHexString(each.base() - lowest),
          Sizes.bytes(each.bytes()),
          block.id(),
          Sizes.count(block.bytes()),
          Sizes.count(block.line()),
          Sizes.count(block.event()));
    }
    table.print(out);
  }
}
