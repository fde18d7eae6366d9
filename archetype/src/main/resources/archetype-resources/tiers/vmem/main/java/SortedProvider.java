package ${package};

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/** Opens engines of sorted arenas; the provider named {@code ${artifactId}}. Holds no state. */
@Component(
    service = AddressProvider.class,
    property = AllocatorProvider.NAME + "=${artifactId}",
    configurationPolicy = ConfigurationPolicy.IGNORE) // settings come through open
public final class SortedProvider implements AddressProvider {
  /** For Declarative Services. */
  public SortedProvider() {}

  @Override
  public String model() {
    return SortedEngine.MODEL;
  }

  @Override
  public AddressEngine open(AddressContext context, Settings settings) {
    return new SortedEngine();
  }
}
