package kernel.api;

import allocator.api.Tier;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service that boots machines. One booted system may be the running one, to which the prompt's
 * commands apply and whose slots are registered as services; any number of others may live beside
 * it, each with RAM and allocators of its own.
 *
 * <p>All methods are safe for use by several threads.
 */
@ProviderType
public interface Kernel {
  /**
   * Boots a system from map to heap.
   *
   * @param spec the map, the providers and the settings
   * @return the system; the caller closes it
   * @throws BootException if a provider is unknown or the map has too little RAM
   * @throws allocator.api.BadSettingException if a setting is not known or not accepted
   * @throws hardware.api.HostMemoryException if the host cannot hold the RAM
   */
  BootedSystem boot(BootSpec spec);

  /**
   * Boots a system and makes it the running one; the one that ran before is closed.
   *
   * @param spec the map, the providers and the settings
   * @return the system; the kernel closes it when another takes its place or the kernel ends
   */
  BootedSystem start(BootSpec spec);

  /** {@return the running system, if one was started} */
  Optional<BootedSystem> running();

  /**
   * {@return the providers present now, the preferred one first}
   *
   * @param tier the tier they serve
   */
  List<ProviderInfo> providers(Tier tier);

  /**
   * {@return why a provider is quarantined, or nothing if it is not}
   *
   * @param provider one of {@link #providers}
   */
  Optional<String> quarantined(ProviderInfo provider);

  /** {@return everything that can be set with {@code --set NAME:KEY=VALUE}, by name} */
  List<SettingInfo> settings();
}
