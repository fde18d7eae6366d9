package shell.text;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import workbench.ranges.RangeFigures;
import workbench.ranges.RangeOutcome;
import workbench.ranges.SpaceLevel;

/** What came of the replay of a range trace, for people. */
public final class RangeText {
  private RangeText() {}

  /**
   * Prints an outcome in about a dozen lines.
   *
   * @param outcome what came of it
   * @param checked whether a shadow was kept
   * @param out where to
   */
  public static void print(RangeOutcome outcome, boolean checked, PrintStream out) {
    RangeFigures figures = outcome.figures();
    StageText.print(
        outcome.stage(),
        "ranges by %s, tables in frames by %s"
            .formatted(outcome.stage().vmem(), outcome.stage().physmem()),
        out);
    out.printf(
        Locale.ROOT,
        "  %,d operations; %,d failures%n  %,d calls of arenas in %.2f ms, %.0f ns each;"
            + " page tables %.1f ms%n",
        figures.operations(),
        figures.failures(),
        figures.arenaCalls(),
        figures.arenaNanos() / 1e6,
        figures.nanosPerCall(),
        figures.tableNanos() / 1e6);
    StageText.checked(figures.damage(), checked, out);
    StageText.warmed(outcome.stage(), out);
    levels(figures, out);
    out.printf(
        Locale.ROOT,
        "  addresses: %s from the lowest to the highest of a space%n"
            + "  %s handed out, %.1f %% of it not for the first time%n",
        Sizes.bytes(figures.extentBytes()),
        Sizes.bytes(figures.bornBytes()),
        100 * figures.reuse());
    out.printf(
        Locale.ROOT,
        "  %,d ranges wanted at an address, %,d placed elsewhere; %,d moved by a resize%n",
        figures.fixed(),
        figures.displaced(),
        figures.moves());
    out.printf(
        Locale.ROOT, "  %,d TLB flushes of %,d pages%n", figures.flushes(), figures.flushedPages());
    StageText.figures("figures of all arenas", outcome.arenas(), "%s %,d", out);
    outcome.damage().forEach(line -> out.println("  damaged: " + line));
    StageText.aftermath(outcome.aftermath(), figures.last().spaces() + " live spaces", out);
  }

  private static void levels(RangeFigures figures, PrintStream out) {
    Table table =
        new Table("", ">spaces", ">ranges", ">mapped", ">mappings", ">held", ">page tables");
    row(table, "  peak", figures.peak());
    row(table, "  final", figures.last());
    table.print(out);
  }

  private static void row(Table table, String name, SpaceLevel level) {
    table.row(
        name,
        Sizes.count(level.spaces()),
        Sizes.count(level.ranges()),
        Sizes.bytes(level.bytes()),
        Sizes.count(level.mappings()),
        Sizes.bytes(level.heldBytes()),
        Sizes.count(level.tableFrames()));
  }

  /**
   * Prints outcomes on different stacks side by side, a line each.
   *
   * @param outcomes what came of them, at least one
   * @param checked whether shadows were kept
   * @param out where to
   */
  public static void printTable(List<RangeOutcome> outcomes, boolean checked, PrintStream out) {
    RangeOutcome first = outcomes.getFirst();
    out.printf(
        Locale.ROOT,
        "%s on %s: %,d operations, %,d ranges live at the peak%n",
        Path.of(first.stage().trace()).getFileName(),
        Path.of(first.stage().map()).getFileName(),
        first.figures().operations(),
        outcomes.stream().mapToLong(one -> one.figures().peak().ranges()).max().orElse(0));
    Table table =
        new Table("stack", ">ns", ">fail", ">maps", ">tables", ">extent", ">reuse", ">flushes", "");
    for (RangeOutcome outcome : outcomes) {
      RangeFigures figures = outcome.figures();
      table.row(
          outcome.stage().physmem() + "/" + outcome.stage().vmem(),
          "%.0f".formatted(figures.nanosPerCall()),
          Sizes.count(figures.failures()),
          Sizes.count(figures.peak().mappings()),
          Sizes.count(figures.peak().tableFrames()),
          Sizes.bytes(figures.extentBytes()),
          String.format(Locale.ROOT, "%.1f%%", 100 * figures.reuse()),
          Sizes.count(figures.flushes()),
          StageText.verdict(outcome.good(), checked));
    }
    table.print(out);
    for (RangeOutcome outcome : outcomes) {
      outcome.damage().forEach(line -> out.println(outcome.stage().vmem() + ": " + line));
      StageText.failedChecks(outcome.aftermath(), out);
    }
  }
}
