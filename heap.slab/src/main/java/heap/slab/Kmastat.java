package heap.slab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The report {@code kmastat}, as mdb's dcmd of that name prints the original's caches: unlike
 * {@code slabinfo} it counts what clients hold, and not what lies in magazines. Below the caches a
 * line with their totals, and one with those of large blocks.
 */
final class Kmastat {
  /** The name of the report. */
  static final String NAME = "kmastat";

  private static final List<String> HEAD =
      List.of(
          "cache                        buf    buf    buf    memory     alloc alloc",
          "name                        size in use  total    in use   succeed  fail",
          "------------------------- ------ ------ ------ --------- --------- -----");
  private static final String LINE = "%-25s %6d %6d %6d %9d %9d %5d";
  private static final String TOTAL = "%-25s %6s %6s %6s %9d %9d %5d";

  private Kmastat() {}

  static List<String> of(SlabSpace space) {
    List<String> lines = new ArrayList<>(HEAD);
    long[] totals = new long[3]; // bytes, allocations, failures
    for (SlabCache cache : space.caches.open()) {
      long slabs = cache.slabs.attached();
      long bytes = slabs * cache.geometry.slabBytes();
      long allocations = cache.allocations();
      totals[0] += bytes;
      totals[1] += allocations;
      totals[2] += cache.fails();
      lines.add(
          line(
              LINE,
              cache.label(),
              cache.geometry.objectBytes(),
              Math.max(0, allocations - cache.frees()),
              slabs * cache.geometry.objects(),
              bytes,
              allocations,
              cache.fails()));
    }
    lines.add(HEAD.getLast());
    LargeBlocks large = space.large;
    lines.add(line(TOTAL, "Total [slabs]", "", "", "", totals[0], totals[1], totals[2]));
    lines.add(
        line(
            TOTAL, "Total [large]", "", "", "", large.bytes(), large.allocations(), large.fails()));
    return lines;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
