package kernel.api;

import allocator.api.Tier;

/**
 * A provider that is present in the framework.
 *
 * @param tier the tier it serves
 * @param name its short name, such as {@code buddy}
 * @param model what it is modelled on
 * @param bundle the Bundle-SymbolicName it comes from
 * @param version the bundle's version
 * @param ranking its service ranking; the highest is preferred where nothing is configured
 */
public record ProviderInfo(
    Tier tier, String name, String model, String bundle, String version, int ranking) {}
