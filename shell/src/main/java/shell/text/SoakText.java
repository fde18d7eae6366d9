package shell.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kernel.api.FrameUsage;
import kernel.api.LodgingStatus;
import kernel.api.SwapRecord;

/** What came of many exchanges, for people. */
public final class SoakText {
  private static final double NANOS_PER_MICRO = 1e3;
  private static final int SHOWN = 5; // of what went wrong
  private static final int PERCENT = 100;
  private static final int HALF = 50;
  private static final int NEARLY_ALL = 99;

  private SoakText() {}

  /**
   * Prints a line per tier and form, and the first exchanges that were called off.
   *
   * @param records the exchanges
   * @param out where to
   */
  public static void exchanges(List<SwapRecord> records, PrintStream out) {
    Table table =
        new Table("tier", "form", ">made", ">called off", ">p50 us", ">p99 us", ">max us");
    for (Map.Entry<String, List<SwapRecord>> kind : byKind(records).entrySet()) {
      List<SwapRecord> some = kind.getValue();
      long[] pauses =
          some.stream()
              .filter(SwapRecord::done)
              .mapToLong(SwapRecord::pauseNanos)
              .sorted()
              .toArray();
      table.row(
          some.getFirst().tier().label(),
          some.getFirst().form().label(),
          Sizes.count(pauses.length),
          Sizes.count(some.size() - pauses.length),
          micros(percentile(pauses, HALF)),
          micros(percentile(pauses, NEARLY_ALL)),
          micros(percentile(pauses, PERCENT)));
    }
    table.print(out);
    records.stream()
        .filter(record -> !record.done())
        .limit(SHOWN)
        .forEach(record -> out.println(SwapText.line(record)));
  }

  private static Map<String, List<SwapRecord>> byKind(List<SwapRecord> records) {
    Map<String, List<SwapRecord>> kinds = new LinkedHashMap<>();
    records.stream()
        .sorted(Comparator.comparing(SwapRecord::tier).thenComparing(SwapRecord::form))
        .forEach(record ->
            kinds
                .computeIfAbsent(record.tier() + " " + record.form(), key -> new ArrayList<>())
                .add(record));
    return kinds;
  }

  /**
   * {@return the least figure that so many of a hundred do not exceed; 0 of none}
   *
   * @param sorted the figures in ascending order
   * @param percent 1 to 100
   */
  static long percentile(long[] sorted, int percent) {
    int rank = (int) (((long) sorted.length * percent + PERCENT - 1) / PERCENT);
    return sorted.length == 0 ? 0 : sorted[Math.max(1, rank) - 1];
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%,.0f", nanos / NANOS_PER_MICRO);
  }

  /**
   * Prints what is left after the end.
   *
   * @param blocks blocks that live in the heap now and did not before
   * @param lodgings former heaps of which blocks live
   * @param usage where the frames are
   * @param out where to
   */
  public static void rest(
      long blocks, List<LodgingStatus> lodgings, FrameUsage usage, PrintStream out) {
    long lodgers = lodgings.stream().mapToLong(LodgingStatus::blocks).sum();
    long held = lodgings.stream().mapToLong(LodgingStatus::heldBytes).sum();
    out.printf(
        "left: %s blocks of the load, %s lodgers of %d former heaps in %s%n",
        Sizes.count(blocks), Sizes.count(lodgers), lodgings.size(), Sizes.bytes(held));
    lodgings.stream()
        .map(LodgingStatus::failure)
        .filter(failure -> !failure.isEmpty())
        .limit(SHOWN)
        .forEach(out::println);
    out.printf(
        "frames: %s free, %s own, %s tables, %s ranges, %s held%n",
        Sizes.count(usage.free()),
        Sizes.count(usage.kernel()),
        Sizes.count(usage.tables()),
        Sizes.count(usage.backing()),
        Sizes.count(usage.other()));
  }
}
