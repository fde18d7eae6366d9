package shell.text;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import trace.Corruption;
import trace.Levels;
import trace.ReplayReport;
import trace.ReplayResult;
import workbench.ReplayOutcome;

/** What came of a replay, for people. */
public final class OutcomeText {
  private OutcomeText() {}

  /**
   * Prints an outcome in about a dozen lines.
   *
   * @param outcome what came of it
   * @param checked whether contents were compared
   * @param out where to
   */
  public static void print(ReplayOutcome outcome, boolean checked, PrintStream out) {
    ReplayReport report = outcome.report();
    ReplayResult result = report.result();
    out.printf(
        Locale.ROOT,
        "%s%n  on %s, stack %s / %s / %s%n",
        report.trace(),
        Path.of(report.map()).getFileName(),
        report.physmem(),
        report.vmem(),
        report.heap());
    out.printf(
        Locale.ROOT,
        "  %,d operations in %.1f ms of wall clock, %.0f ns each; %,d failures, %s%n",
        result.operations(),
        result.wallNanos() / 1e6,
        (double) result.wallNanos() / Math.max(1, result.operations()),
        result.failures(),
        checked ? "%,d corruptions".formatted(result.corruptions()) : "contents not checked");
    if (report.warmed() > 0) {
      out.printf(
          Locale.ROOT, "  timed after an untimed warm-up of %,d operations%n", report.warmed());
    }
    levels(result, out);
    for (Corruption corruption : result.firstCorruptions()) {
      out.println("  damaged: " + corruption);
    }
    checks(outcome, out);
  }

  /**
   * Prints an outcome on a line, and below it what is wrong.
   *
   * @param outcome what came of it
   * @param checked whether contents were compared
   * @param out where to
   */
  public static void printBrief(ReplayOutcome outcome, boolean checked, PrintStream out) {
    ReplayReport report = outcome.report();
    ReplayResult result = report.result();
    out.printf(
        Locale.ROOT,
        "%-24s %-24s %,12d ops %6.0f ns %,10dK peak  %s%n",
        Path.of(report.trace()).getFileName(),
        report.physmem() + "/" + report.vmem() + "/" + report.heap(),
        result.operations(),
        (double) result.wallNanos() / Math.max(1, result.operations()),
        result.peak().footprintBytes() / 1024,
        outcome.good() ? checked ? "good" : "good, contents not checked" : "BAD");
    if (!outcome.good()) {
      out.printf(
          Locale.ROOT,
          "  %,d failures, %,d corruptions%n",
          result.failures(),
          result.corruptions());
      checks(outcome, out);
    }
  }

  /**
   * Prints how many of several replays were good.
   *
   * @param replays how many there were
   * @param bad how many were not good
   * @param out where to
   */
  public static void printSum(int replays, int bad, PrintStream out) {
    out.printf(Locale.ROOT, "%,d replays, %s%n", replays, bad == 0 ? "all good" : bad + " BAD");
  }

  private static void levels(ReplayResult result, PrintStream out) {
    Table table = new Table("", ">live bytes", ">blocks", ">footprint", ">frames", ">page tables");
    row(table, "  peak", result.peak());
    row(table, "  final", result.last());
    table.print(out);
  }

  private static void row(Table table, String name, Levels levels) {
    table.row(
        name,
        Sizes.count(levels.liveBytes()),
        Sizes.count(levels.liveBlocks()),
        Sizes.count(levels.footprintBytes()),
        Sizes.count(levels.frames()),
        Sizes.count(levels.pageTableFrames()));
  }

  private static void checks(ReplayOutcome outcome, PrintStream out) {
    for (CheckLine line : outcome.checks()) {
      if (!line.good()) {
        out.println("  check failed: " + line.subject() + ": " + line.finding());
      }
    }
    FrameUsage end = outcome.end();
    if (!outcome.kept()) {
      out.printf(
          Locale.ROOT,
          "  end: %,d leaked blocks freed; %s%n",
          outcome.report().result().leakedBlocks(),
          end.home()
              ? "every frame but the kernel's own is home"
              : "NOT home: %d frames of tables, %d behind ranges, %d held"
                  .formatted(end.tables(), end.backing(), end.other()));
    }
  }
}
