package workbench;

import java.util.List;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import trace.ReplayReport;

/**
 * What came of one replay.
 *
 * @param report figures, as the JSON object has them
 * @param checks the invariants of all tiers, after what the program leaked was freed
 * @param end where the frames were after the tiers were closed; after a kept replay, where they are
 * @param kept whether the machine was left as it was
 */
public record ReplayOutcome(
    ReplayReport report, List<CheckLine> checks, FrameUsage end, boolean kept) {
  /** Copies the list. */
  public ReplayOutcome {
    checks = List.copyOf(checks);
  }

  /** {@return whether nothing failed, nothing was damaged, and everything went home} */
  public boolean good() {
    return report.result().failures() == 0
        && report.result().corruptions() == 0
        && checks.stream().allMatch(CheckLine::good)
        && (kept || end.home());
  }
}
