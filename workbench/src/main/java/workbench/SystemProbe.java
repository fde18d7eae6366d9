package workbench;

import kernel.api.BootedSystem;
import trace.Probe;

/**
 * Tells a replay what the tiers of a system hold. Released frames that wait for a flush are sent
 * home before they are counted at the end; at a peak they are in use and counted, since that many
 * frames the machine did need, with the laziness it is set to.
 */
final class SystemProbe implements Probe {
  private final BootedSystem system;

  SystemProbe(BootedSystem system) {
    this.system = system;
  }

  @Override
  public void begin() {
    system.purge();
    system.resetPeaks();
  }

  @Override
  public Holdings current() {
    system.purge();
    return new Holdings(system.heap().footprint(), system.usedFrames(), system.tableFrames());
  }

  @Override
  public Holdings peak() {
    return new Holdings(system.peakFootprint(), system.peakFrames(), system.peakTableFrames());
  }
}
