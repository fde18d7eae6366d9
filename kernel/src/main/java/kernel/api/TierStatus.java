package kernel.api;

import allocator.api.CensusSummary;
import allocator.api.Tier;

/**
 * The state of one slot.
 *
 * @param tier the tier
 * @param provider the short name of the provider that serves, or an empty text
 * @param model what it is modelled on
 * @param bundle the Bundle-SymbolicName it comes from
 * @param version the bundle's version
 * @param state {@code active}; {@code guarded} if the checked mode is on; {@code vacant} without a
 *     provider; {@code departed} if the provider is gone and could not be replaced, so that the
 *     engine that it opened goes on; {@code closed} after the end; with {@code , busy} if callers
 *     inside did not leave in time, so that the census is empty because nothing could be counted
 * @param census what is live, lodgers included
 * @param lodgers how many of the live ranges are blocks of former heaps
 */
public record TierStatus(
    Tier tier,
    String provider,
    String model,
    String bundle,
    String version,
    String state,
    CensusSummary census,
    long lodgers) {}
