package kernel.api;

import allocator.api.Tier;
import hardware.api.map.FirmwareMap;
import java.util.List;
import java.util.Map;

/**
 * What to boot.
 *
 * @param map the firmware map as read
 * @param loaderUsable whether memory of EFI loaders and boot services counts as usable
 * @param providers the provider's name by tier; a tier that is absent takes the configured one
 * @param settings settings over those of {@code etc/}, each {@code NAME:KEY=VALUE}
 */
public record BootSpec(
    FirmwareMap map, boolean loaderUsable, Map<Tier, String> providers, List<String> settings) {
  /** Copies the collections. */
  public BootSpec {
    providers = Map.copyOf(providers);
    settings = List.copyOf(settings);
  }

  /**
   * {@return a plain boot of a map with everything as configured}
   *
   * @param map the firmware map as read
   */
  public static BootSpec of(FirmwareMap map) {
    return new BootSpec(map, true, Map.of(), List.of());
  }
}
