package workbench.compare;

/**
 * How much of everything was in use in one run.
 *
 * @param peakLiveBytes the most bytes asked for by live blocks
 * @param peakLiveBlocks the most blocks that were live
 * @param peakFootprintBytes the most bytes that the heap held from below
 * @param peakFrames the most page frames in use, page tables included
 * @param peakTableFrames the most frames of page tables
 * @param finalLiveBytes bytes live after the last event
 * @param finalFootprintBytes bytes held from below after the last event, lazy work done
 * @param spanBytes from the lowest byte of any block to the end of the highest
 * @param metadataBytes metadata outside of the heap's spans as far as the three providers state it;
 *     -1 if none does
 */
public record Memory(
    long peakLiveBytes,
    long peakLiveBlocks,
    long peakFootprintBytes,
    long peakFrames,
    long peakTableFrames,
    long finalLiveBytes,
    long finalFootprintBytes,
    long spanBytes,
    long metadataBytes) {}
