package shell.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import trace.FormatDetector;
import trace.TraceFormat;

/** Which tier a trace calls, and which options fit it. */
final class TraceTier {
  private TraceTier() {}

  /**
   * {@return the tier that a replay of a file calls}
   *
   * @param file the trace
   * @param chosen its format, if it was given
   */
  static TraceFormat.Tier of(Path file, Optional<TraceFormat> chosen) {
    return chosen.map(TraceFormat::replayed).orElseGet(() -> FormatDetector.tierOf(file));
  }

  /**
   * {@return what is wrong with the options of a replay, with a remedy}
   *
   * @param file the trace
   * @param tier the tier that it calls
   * @param boot the options of the stack
   * @param placements whether placements are to be written
   */
  static Optional<String> refusal(
      Path file, TraceFormat.Tier tier, BootOptions boot, boolean placements) {
    if (tier == TraceFormat.Tier.HEAP) {
      return Optional.empty();
    }
    boolean frames = tier == TraceFormat.Tier.PHYSMEM;
    String option = placements ? "--placements" : boot.heap != null ? "--heap" : "";
    if (option.isEmpty() && frames && boot.vmem != null) {
      option = "--vmem";
    }
    if (option.isEmpty()) {
      return Optional.empty();
    }
    String label = tier.name().toLowerCase(Locale.ROOT);
    return Optional.of(
        "%s is a %s trace: it calls the %s tier and %s; leave %s out (--%s chooses who is called)"
            .formatted(
                file,
                frames ? "frame" : "range",
                label,
                frames ? "neither addresses nor a heap" : "no heap",
                option,
                label));
  }
}
