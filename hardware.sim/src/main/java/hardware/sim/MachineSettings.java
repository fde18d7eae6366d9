package hardware.sim;

import allocator.api.Settings;

/**
 * What can be chosen about a simulated machine, read and checked.
 *
 * @param cpus number of CPUs
 * @param small first-level array for pages of 4 KiB
 * @param medium first-level array for pages of 2 MiB
 * @param huge first-level array for pages of 1 GiB
 * @param second second-level array, shared by pages of 4 KiB and 2 MiB
 */
record MachineSettings(int cpus, TlbShape small, TlbShape medium, TlbShape huge, TlbShape second) {
  private static final int MOST_CPUS = 1024;
  private static final int USUAL_CPUS = 8; // enough to show contention, few enough to read

  // The data side of Intel's Skylake core: Intel 64 and IA-32 Optimization Reference Manual, 2.6.
  private static final TlbShape SMALL = new TlbShape(16, 4);
  private static final TlbShape MEDIUM = new TlbShape(8, 4);
  private static final TlbShape HUGE = new TlbShape(1, 4);
  private static final TlbShape SECOND = new TlbShape(128, 12);

  /** Reads the settings; 0 CPUs stands for as many as the host has, at most 8. */
  static MachineSettings of(Settings settings) {
    int host = Math.min(USUAL_CPUS, Runtime.getRuntime().availableProcessors());
    int cpus = (int) settings.number("cpus", 0, 0, MOST_CPUS);
    return new MachineSettings(
        cpus == 0 ? host : cpus,
        TlbShape.of(settings, "tlb.4k", SMALL),
        TlbShape.of(settings, "tlb.2m", MEDIUM),
        TlbShape.of(settings, "tlb.1g", HUGE),
        TlbShape.of(settings, "tlb.l2", SECOND));
  }
}
