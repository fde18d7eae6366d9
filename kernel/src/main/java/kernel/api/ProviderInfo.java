package kernel.api;

import allocator.api.Tier;
import java.util.List;

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
    Tier tier, String name, String model, String bundle, String version, int ranking) {
  /**
   * {@return what names this provider and no other: its name, its bundle's, or that with a version}
   *
   * @param all the providers of the tier
   */
  public String distinctName(List<ProviderInfo> all) {
    List<ProviderInfo> others =
        all.stream().filter(each -> each.name().equals(name) && !each.equals(this)).toList();
    if (others.isEmpty()) {
      return name;
    }
    return others.stream().noneMatch(each -> each.bundle().equals(bundle))
        ? bundle
        : bundle + "@" + version;
  }
}
