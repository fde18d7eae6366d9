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
 * @param state {@code active}; {@code departed} if the provider's bundle was stopped or replaced
 *     and the system goes on with the engine that it opened; {@code closed} after the end
 * @param census what is live
 */
public record TierStatus(
    Tier tier,
    String provider,
    String model,
    String bundle,
    String version,
    String state,
    CensusSummary census) {}
