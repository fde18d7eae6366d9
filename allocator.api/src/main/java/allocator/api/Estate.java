package allocator.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What a predecessor leaves behind in a swap: the ranges it manages and which of them are live.
 *
 * <p>Read-only, and valid only during the call that received it.
 */
@ProviderType
public interface Estate {
  /**
   * Shows the ranges that the predecessor held from below.
   *
   * @param visitor receives base and size in the tier's unit
   */
  void managed(RangeVisitor visitor);

  /**
   * Shows the live ranges, each once, in no particular order.
   *
   * @param visitor receives base, size and the tier's attributes
   */
  void live(RangeVisitor visitor);

  /** {@return the census that the successor has to arrive at} */
  CensusSummary census();
}
