package kernel.api;

import allocator.api.Tier;

/**
 * A wish to exchange a tier's provider.
 *
 * @param tier the tier
 * @param provider the successor: its name, its bundle's symbolic name, or either with
 *     {@code @VERSION}
 * @param dryRun true to find out only whether it could be done; the successor is opened and closed
 *     again and callers wait as for an exchange
 * @param force true to take a provider that is quarantined or serves already; recorded. It does not
 *     override the comparison of the censuses or the wait for calls under way
 * @param who who asks, for the record
 */
public record SwapRequest(Tier tier, String provider, boolean dryRun, boolean force, String who) {
  /**
   * {@return a plain request}
   *
   * @param tier the tier
   * @param provider the successor
   */
  public static SwapRequest of(Tier tier, String provider) {
    return new SwapRequest(tier, provider, false, false, "program");
  }
}
