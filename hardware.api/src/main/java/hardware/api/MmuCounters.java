package hardware.api;

/**
 * What the counted path and the invalidations have added up to.
 *
 * @param accesses translations asked for
 * @param hits translations found in the TLB, on either of its levels
 * @param secondLevelHits look-ups that missed the first level and found the second
 * @param walks page walks: one for each miss, and one for the first write through a clean entry
 * @param walkSteps table entries read by walks
 * @param faults accesses that ended in a page fault
 * @param flushes flush operations, whatever their range; also made when no counted window is in use
 * @param flushedPages pages named by the flush operations; a flush of a whole TLB names none
 * @param shootdowns flushes of translations that more than one CPU held
 */
public record MmuCounters(
    long accesses,
    long hits,
    long secondLevelHits,
    long walks,
    long walkSteps,
    long faults,
    long flushes,
    long flushedPages,
    long shootdowns) {}
