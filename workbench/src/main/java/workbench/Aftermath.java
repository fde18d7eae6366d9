package workbench;

import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;

/**
 * How a system is after a replay.
 *
 * @param checks the invariants of all tiers, after what was live at the end was freed; empty on a
 *     machine that goes on
 * @param end where the frames were after the tiers were closed; of a machine that was kept, where
 *     they are
 * @param kept whether the machine was left as it was
 */
public record Aftermath(List<CheckLine> checks, FrameUsage end, boolean kept) {
  /** Copies the list. */
  public Aftermath {
    checks = List.copyOf(checks);
  }

  /**
   * Checks a machine that was booted for a replay and ends its tiers.
   *
   * @param system the machine
   * @param keep whether its tiers are left as they are
   * @return what was found
   */
  public static Aftermath of(BootedSystem system, boolean keep) {
    List<CheckLine> checks = system.check();
    return new Aftermath(checks, keep ? system.frameUsage() : system.closeTiers(), keep);
  }

  /**
   * {@return the state of a machine that goes on after the replay}
   *
   * @param system the machine
   */
  public static Aftermath running(BootedSystem system) {
    return new Aftermath(List.of(), system.frameUsage(), true);
  }

  /** {@return whether every invariant held and everything went home} */
  public boolean good() {
    return checks.stream().allMatch(CheckLine::good) && (kept || end.home());
  }
}
