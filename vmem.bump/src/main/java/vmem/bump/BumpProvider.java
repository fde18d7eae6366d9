package vmem.bump;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/**
 * Offers {@link BumpEngine} to the kernel under the name {@code bump}. Safe for use by several
 * threads.
 */
@Component(
    service = AddressProvider.class,
    property = AllocatorProvider.NAME + "=bump",
    configurationPid = "vmem.bump",
    // The kernel reads the configuration for each engine it opens; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = BumpConfiguration.class)
public final class BumpProvider implements AddressProvider {
  /** For Declarative Services. */
  public BumpProvider() {}

  @Override
  public String model() {
    return BumpEngine.MODEL;
  }

  @Override
  public AddressEngine open(AddressContext context, Settings settings) {
    return new BumpEngine(settings);
  }
}
