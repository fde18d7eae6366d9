package shell.text;

import allocator.api.CensusSummary;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import kernel.api.SwapPhase;
import kernel.api.SwapRecord;

/** Exchanges, for people. */
public final class SwapText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final double NANOS_PER_MICRO = 1e3;

  private SwapText() {}

  /** {@return one exchange in a sentence} */
  public static String line(SwapRecord record) {
    String what =
        "%s: %s -> %s, %s, %s live, %s, pause %s"
            .formatted(
                record.tier().label(),
                record.from(),
                record.to(),
                record.form().label(),
                Sizes.count(record.before().liveCount()),
                units(record, record.before().liveUnits()),
                micros(record.pauseNanos()));
    if (record.done()) {
      return record.message().isEmpty() ? what : what + "; but " + record.message();
    }
    if (record.dryRun() && record.message().isEmpty()) {
      return "could be done: " + what;
    }
    return "called off after %s, %s serves on: %s"
        .formatted(record.reached(), record.from(), record.message());
  }

  private static String units(SwapRecord record, long units) {
    return record.tier().unit().equals("bytes")
        ? Sizes.bytes(units)
        : Sizes.count(units) + " frames";
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%.0f us", nanos / NANOS_PER_MICRO);
  }

  /** Prints a line per exchange. */
  public static void table(List<SwapRecord> records, PrintStream out) {
    if (records.isEmpty()) {
      out.println("no exchange was made yet; see help swap");
      return;
    }
    Table table =
        new Table(
            ">no", "time", "tier", "from", "to", "form", "state", ">live", ">pause us", "why");
    for (SwapRecord record : records) {
      table.row(
          record.number(),
          TIME.format(record.begun()),
          record.tier().label(),
          shortened(record.from()),
          shortened(record.to()),
          record.form().label(),
          state(record),
          Sizes.count(record.before().liveCount()),
          Math.round(record.pauseNanos() / NANOS_PER_MICRO),
          record.cause().label() + (record.forced() ? ", forced" : ""));
    }
    table.print(out);
  }

  private static String state(SwapRecord record) {
    if (record.dryRun() && record.message().isEmpty()) {
      return "tried";
    }
    return record.outcome().name().toLowerCase(Locale.ROOT);
  }

  private static String shortened(String label) {
    return label.replace(".SNAPSHOT", "");
  }

  /** Prints all that is known of an exchange. */
  public static void full(SwapRecord record, PrintStream out) {
    out.printf("exchange %d, %s%n", record.number(), record.begun());
    out.printf("  tier      %s%n", record.tier().label());
    out.printf("  from, to  %s -> %s%n", record.from(), record.to());
    out.printf("  cause     %s: %s%s%n", record.cause().label(), record.who(), flags(record));
    out.printf("  form      %s%n", record.form().label());
    out.printf("  outcome   %s%n", state(record));
    for (SwapPhase phase : record.phases()) {
      out.printf(
          "  %-12s at %s%n", phase.state().name().toLowerCase(Locale.ROOT), micros(phase.nanos()));
    }
    out.printf("  pause     %s%n", micros(record.pauseNanos()));
    out.printf("  before    %s%n", census(record, record.before()));
    out.printf("  after     %s%n", census(record, record.after()));
    if (!record.message().isEmpty()) {
      out.printf("  message   %s%n", record.message());
    }
  }

  private static String flags(SwapRecord record) {
    return (record.dryRun() ? ", dry run" : "") + (record.forced() ? ", forced" : "");
  }

  private static String census(SwapRecord record, CensusSummary census) {
    return "%s live, %s, checksum %016x"
        .formatted(
            Sizes.count(census.liveCount()), units(record, census.liveUnits()), census.checksum());
  }
}
