package workbench.frames;

/**
 * What a replay of a frame trace counted.
 *
 * @param operations allocations and frees
 * @param allocations blocks asked for
 * @param failures those of them that there were no frames for, or that were above the provider's
 *     largest order
 * @param failedFrames frames of the blocks that failed
 * @param peakFrames the most frames that were allocated at once
 * @param peakBlocks the most blocks that were allocated at once
 * @param finalFrames frames allocated after the last event
 * @param finalBlocks blocks allocated after the last event
 * @param cpus the largest CPU index of the trace plus one
 * @param ports CPUs of the machine, which the trace's CPUs are folded onto
 * @param damage what the shadow found wrong; 0 without a check
 * @param wallNanos nanoseconds spent in calls
 */
public record FrameFigures(
    long operations,
    long allocations,
    long failures,
    long failedFrames,
    long peakFrames,
    long peakBlocks,
    long finalFrames,
    long finalBlocks,
    int cpus,
    int ports,
    long damage,
    long wallNanos) {
  /** {@return the mean time of a call in nanoseconds, 0 if there was none} */
  public double nanosPerOperation() {
    return operations == 0 ? 0 : (double) wallNanos / operations;
  }
}
