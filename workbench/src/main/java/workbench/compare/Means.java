package workbench.compare;

/**
 * Means over the events of one run, of every {@value CountedRun#STRIDE}th event.
 *
 * @param liveBytes bytes asked for by live blocks
 * @param usableBytes bytes that the live blocks occupy, as far as their owners may use them
 * @param footprintBytes bytes that the heap holds from below
 * @param frames page frames in use, those that wait for a TLB flush included
 */
public record Means(double liveBytes, double usableBytes, double footprintBytes, double frames) {
  /** {@return the share of blocks that was not asked for: rounding up, 0 to 1} */
  public double internalFragmentation() {
    return share(usableBytes, liveBytes);
  }

  /** {@return the share of the footprint that no live block occupies: free memory and headers} */
  public double externalFragmentation() {
    return share(footprintBytes, usableBytes);
  }

  /** {@return the share of the footprint that nobody asked for: both kinds together} */
  public double fragmentation() {
    return share(footprintBytes, liveBytes);
  }

  private static double share(double whole, double part) {
    return whole <= 0 ? 0 : Math.max(0, 1 - part / whole);
  }
}
