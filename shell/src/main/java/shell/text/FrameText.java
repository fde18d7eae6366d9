package shell.text;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import workbench.frames.FrameFigures;
import workbench.frames.FrameOutcome;
import workbench.frames.FreeSpace;

/** What came of the replay of a frame trace, for people. */
public final class FrameText {
  private static final int HUGE_ORDER = 9; // 2 MiB of frames of 4 KiB

  private FrameText() {}

  /**
   * Prints an outcome in about a dozen lines.
   *
   * @param outcome what came of it
   * @param checked whether a shadow was kept
   * @param out where to
   */
  public static void print(FrameOutcome outcome, boolean checked, PrintStream out) {
    StageText.print(outcome.stage(), "frames by " + outcome.stage().physmem(), out);
    FrameFigures figures = outcome.figures();
    StageText.calls(
        figures.operations(),
        figures.wallNanos(),
        checked ? "with the shadow" : "in calls",
        figures.failures(),
        out);
    StageText.checked(figures.damage(), checked, out);
    StageText.warmed(outcome.stage(), out);
    if (figures.cpus() > figures.ports()) {
      out.printf(
          Locale.ROOT,
          "  %d CPUs of the trace on %d of the machine%n",
          figures.cpus(),
          figures.ports());
    }
    new Table("", ">live frames", ">blocks")
        .row("  peak", Sizes.count(figures.peakFrames()), Sizes.count(figures.peakBlocks()))
        .row("  final", Sizes.count(figures.finalFrames()), Sizes.count(figures.finalBlocks()))
        .print(out);
    out.println("free blocks by order, after the last event");
    BuddyinfoText.print(outcome.zones(), out);
    FreeSpace space = outcome.freeSpace();
    out.printf(
        Locale.ROOT,
        "  %,d frames free, %,d of them in per-CPU lists; largest free order %s%n",
        space.frames(),
        space.cached(),
        largest(space));
    out.printf(
        Locale.ROOT,
        "  unusable for order 4: %.4f, for order %d: %.4f%n",
        space.unusable(4),
        HUGE_ORDER,
        space.unusable(HUGE_ORDER));
    StageText.figures("provider's figures rose by", outcome.provider().rises(), "%s %+,d", out);
    outcome.damage().forEach(line -> out.println("  damaged: " + line));
    StageText.aftermath(outcome.aftermath(), figures.finalBlocks() + " live blocks", out);
  }

  /**
   * Prints outcomes on different stacks side by side, a line each.
   *
   * @param outcomes what came of them, at least one
   * @param checked whether shadows were kept
   * @param out where to
   */
  public static void printTable(List<FrameOutcome> outcomes, boolean checked, PrintStream out) {
    FrameOutcome first = outcomes.getFirst();
    out.printf(
        Locale.ROOT,
        "%s on %s: %,d operations, %,d frames live at the peak%n",
        Path.of(first.stage().trace()).getFileName(),
        Path.of(first.stage().map()).getFileName(),
        first.figures().operations(),
        outcomes.stream().mapToLong(one -> one.figures().peakFrames()).max().orElse(0));
    Table table =
        new Table(
            "frames",
            ">ns",
            ">failures",
            ">final",
            ">free",
            ">largest",
            ">unusable 4",
            ">unusable 9",
            "");
    for (FrameOutcome outcome : outcomes) {
      FreeSpace space = outcome.freeSpace();
      table.row(
          outcome.stage().physmem(),
          checked ? "-" : "%.0f".formatted(outcome.figures().nanosPerOperation()),
          Sizes.count(outcome.figures().failures()),
          Sizes.count(outcome.figures().finalFrames()),
          Sizes.count(space.frames()),
          largest(space),
          String.format(Locale.ROOT, "%.4f", space.unusable(4)),
          String.format(Locale.ROOT, "%.4f", space.unusable(HUGE_ORDER)),
          StageText.verdict(outcome.good(), checked));
    }
    table.print(out);
    for (FrameOutcome outcome : outcomes) {
      outcome.damage().forEach(line -> out.println(outcome.stage().physmem() + ": " + line));
      StageText.failedChecks(outcome.aftermath(), out);
    }
  }

  private static String largest(FreeSpace space) {
    return space.largestOrder() < 0 ? "none" : String.valueOf(space.largestOrder());
  }
}
