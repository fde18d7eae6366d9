package kernel.swap;

import allocator.api.Tier;
import heap.api.HeapEngine;
import java.util.List;
import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;
import kernel.backing.OwnedSpans;
import physmem.api.FrameEngine;
import vmem.api.AddressEngine;

/** Who could serve a tier: finds providers and opens their engines. */
public interface Successors {
  /** {@return the providers of a tier, the preferred one first; none that is quarantined} */
  List<ProviderInfo> candidates(Tier tier);

  /**
   * Finds a provider.
   *
   * @param name its name, its bundle's symbolic name, or either with {@code @VERSION}
   * @throws kernel.api.BootException if there is none, naming those that there are
   */
  ProviderInfo named(Tier tier, String name);

  /** {@return whether the very provider is still there} */
  boolean isPresent(ProviderInfo provider);

  /** {@return why a provider is quarantined, if it is} */
  Optional<String> quarantined(ProviderInfo provider);

  /** Keeps a provider from being chosen until its bundle is renewed. */
  void quarantine(ProviderInfo provider, String why);

  /** {@return a new frame engine, with every frame of the machine's free} */
  FrameEngine openFrames(ProviderInfo provider, EngineMemory memory);

  /** {@return a new address engine without any arena} */
  AddressEngine openAddresses(ProviderInfo provider, EngineMemory memory);

  /** {@return a new heap engine that holds nothing} */
  HeapEngine openHeap(ProviderInfo provider, EngineMemory memory, OwnedSpans spans);

  /** {@return a ledger for a new engine's metadata} */
  EngineMemory memory();
}
