package allocator.api;

/**
 * A visitor that counts what it sees; the slow and certain way to a {@link CensusSummary}.
 *
 * <p>Not safe for use by several threads.
 */
public final class CensusCount implements RangeVisitor {
  private long count;
  private long units;
  private long checksum;

  /** Begins a count at zero. */
  public CensusCount() {}

  @Override
  public boolean visit(long base, long size, long attributes) {
    count++;
    units += size;
    checksum += CensusSummary.mix(base, size);
    return true;
  }

  /**
   * Closes the count.
   *
   * @param managedUnits what the allocator holds from below, in the tier's unit
   * @return the census of the ranges seen so far
   */
  public CensusSummary summary(long managedUnits) {
    return new CensusSummary(count, units, managedUnits, checksum);
  }
}
