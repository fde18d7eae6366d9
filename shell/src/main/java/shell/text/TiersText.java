package shell.text;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import java.io.PrintStream;
import java.util.List;
import kernel.api.TierStatus;

/** The state of the slots, for people. */
public final class TiersText {
  private TiersText() {}

  /**
   * Prints a line per tier.
   *
   * @param tiers the state of the slots
   * @param pageBytes the size of a frame, to show frames as bytes
   * @param out where to
   */
  public static void print(List<TierStatus> tiers, int pageBytes, PrintStream out) {
    Table table = new Table("tier", "provider", "version", "bundle", "state", ">live", ">bytes");
    for (TierStatus tier : tiers) {
      CensusSummary census = tier.census();
      long bytes = census.liveUnits() * (tier.tier() == Tier.PHYSMEM ? pageBytes : 1);
      table.row(
          tier.tier().label(),
          tier.provider(),
          tier.version().replace(".SNAPSHOT", ""),
          tier.bundle(),
          tier.state(),
          Sizes.count(census.liveCount()),
          Sizes.bytes(bytes));
    }
    table.print(out);
    if (tiers.stream().anyMatch(tier -> tier.state().equals("departed"))) {
      out.println("departed: its bundle is gone; the machine keeps its engine until the next boot");
    }
  }
}
