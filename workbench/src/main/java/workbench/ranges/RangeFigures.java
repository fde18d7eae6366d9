package workbench.ranges;

/**
 * What a replay of a range trace counted, over all address spaces.
 *
 * @param operations events that are no changes of space or thread
 * @param failures ranges, parts and moves of a break that there were no addresses or no frames for
 *     page tables for
 * @param peak the most at any moment, each figure at its own
 * @param last after the last event
 * @param extentBytes from the lowest to the highest address that an arena has handed out to one
 *     space, of the space where this is most
 * @param bornBytes bytes of all ranges that arenas handed out, copies of spaces not counted
 * @param reusedBytes those of them at addresses that the space had been handed out before
 * @param fixed ranges that were wanted at an address
 * @param displaced those of them that could not be had there
 * @param moves ranges that a resize moved
 * @param flushes flush operations of the TLB
 * @param flushedPages pages that they named
 * @param damage what the shadow found wrong; 0 without a check
 * @param arenaCalls calls of arenas that were timed
 * @param arenaNanos nanoseconds spent in them
 * @param tableNanos nanoseconds spent with page tables
 */
public record RangeFigures(
    long operations,
    long failures,
    SpaceLevel peak,
    SpaceLevel last,
    long extentBytes,
    long bornBytes,
    long reusedBytes,
    long fixed,
    long displaced,
    long moves,
    long flushes,
    long flushedPages,
    long damage,
    long arenaCalls,
    long arenaNanos,
    long tableNanos) {
  /** {@return the share of the addresses handed out that had been before, 0 to 1} */
  public double reuse() {
    return bornBytes == 0 ? 0 : (double) reusedBytes / bornBytes;
  }

  /** {@return the mean time of a call of an arena in nanoseconds, 0 if there was none} */
  public double nanosPerCall() {
    return arenaCalls == 0 ? 0 : (double) arenaNanos / arenaCalls;
  }
}
