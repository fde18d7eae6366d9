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
    for (TierStatus tier : tiers) {
      if (tier.lodgers() != 0) {
        out.printf(
            "%s of the %s blocks live as lodgers where a former heap put them; see heapinfo%n",
            Sizes.count(tier.lodgers()), Sizes.count(tier.census().liveCount()));
      }
      explain(tier, out);
    }
  }

  private static void explain(TierStatus tier, PrintStream out) {
    switch (tier.state()) {
      case "departed" ->
          out.printf(
              "%s: the bundle of %s is gone and nobody could take over; swaps says why%n",
              tier.tier().label(), tier.provider());
      case "vacant" ->
          out.printf(
              "%s: no provider; what is live is parked and callers wait. Install or start one%n",
              tier.tier().label());
      default -> {}
    }
  }
}
