package shell.text;

import allocator.api.Statistic;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import workbench.Aftermath;
import workbench.ReplayStage;

/** The lines that replays of frame and of range traces have in common. */
final class StageText {
  private StageText() {}

  static void print(ReplayStage stage, String who, PrintStream out) {
    String from = stage.program().isEmpty() ? "" : ", recorded from " + stage.program();
    out.printf(
        Locale.ROOT,
        "%s%n  on %s, %s%s%n",
        stage.trace(),
        Path.of(stage.map()).getFileName(),
        who,
        from);
  }

  static void calls(long operations, long nanos, String what, long failures, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "  %,d operations, %.1f ms of wall clock %s, %.0f ns each; %,d failures%n",
        operations,
        nanos / 1e6,
        what,
        (double) nanos / Math.max(1, operations),
        failures);
  }

  static void checked(long damage, boolean checked, PrintStream out) {
    out.println(
        checked
            ? String.format(Locale.ROOT, "  compared with a shadow: %,d corruptions", damage)
            : "  not compared with a shadow (--check does)");
  }

  static void warmed(ReplayStage stage, PrintStream out) {
    if (stage.warmed() > 0) {
      out.printf(
          Locale.ROOT, "  timed after an untimed warm-up of %,d operations%n", stage.warmed());
    }
  }

  /** Prints a provider's own figures, those that are not 0. */
  static void figures(String head, List<Statistic> figures, String format, PrintStream out) {
    String text =
        figures.stream()
            .filter(figure -> figure.value() != 0)
            .map(figure -> String.format(Locale.ROOT, format, figure.name(), figure.value()))
            .collect(Collectors.joining(", "));
    Wrap.print("  " + head + ": ", "    ", text.isEmpty() ? "none" : text, out);
  }

  static String verdict(boolean good, boolean checked) {
    return good ? checked ? "good" : "good, not checked" : "BAD";
  }

  static void aftermath(Aftermath aftermath, String rest, PrintStream out) {
    failedChecks(aftermath, out);
    FrameUsage end = aftermath.end();
    if (!aftermath.kept()) {
      out.printf(
          Locale.ROOT,
          "  end: %s freed; %s%n",
          rest,
          end.home()
              ? "every frame but the kernel's own is home"
              : "NOT home: %d frames of tables, %d behind ranges, %d held"
                  .formatted(end.tables(), end.backing(), end.other()));
    }
  }

  static void failedChecks(Aftermath aftermath, PrintStream out) {
    for (CheckLine line : aftermath.checks()) {
      if (!line.good()) {
        out.println("  check failed: " + line.subject() + ": " + line.finding());
      }
    }
  }
}
