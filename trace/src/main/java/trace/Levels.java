package trace;

/**
 * How much of everything is in use at one moment, or was at most: what the program asked for, and
 * what the tiers hold to serve it.
 *
 * @param liveBytes bytes asked for by the blocks that are live
 * @param liveBlocks blocks that are live
 * @param footprintBytes bytes that the heap holds from below
 * @param frames page frames in use
 * @param pageTableFrames those of them that hold page tables
 */
public record Levels(
    long liveBytes, long liveBlocks, long footprintBytes, long frames, long pageTableFrames) {}
