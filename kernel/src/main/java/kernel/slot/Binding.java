package kernel.slot;

import allocator.api.Allocator;
import kernel.api.ProviderInfo;

/**
 * What a slot serves from at this moment.
 *
 * @param info the provider
 * @param engine the engine that the provider opened
 */
public record Binding<E extends Allocator>(ProviderInfo info, E engine) {}
