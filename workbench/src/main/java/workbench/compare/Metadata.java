package workbench.compare;

import allocator.api.Statistic;
import allocator.api.Tier;
import java.util.Arrays;
import java.util.List;
import kernel.api.BootedSystem;

/** What the providers of a system state of their metadata outside of the memory they hand out. */
final class Metadata {
  private Metadata() {}

  /** Returns the bytes, summed over the tiers; -1 if none of them has such a figure. */
  static long stated(BootedSystem system) {
    List<Statistic> stated =
        Arrays.stream(Tier.values())
            .flatMap(tier -> system.figures(tier).stream())
            .filter(figure -> figure.unit().equals("bytes") && isMetadata(figure.name()))
            .toList();
    return stated.isEmpty() ? -1 : stated.stream().mapToLong(Statistic::value).sum();
  }

  private static boolean isMetadata(String name) {
    return name.equals("metadata") || name.equals("metadata_bytes") || name.equals("table_bytes");
  }
}
