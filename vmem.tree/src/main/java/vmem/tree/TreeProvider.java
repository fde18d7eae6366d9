package vmem.tree;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/**
 * Offers {@link TreeEngine} to the kernel under the name {@code tree}. Safe for use by several
 * threads.
 */
@Component(
    service = AddressProvider.class,
    property = AllocatorProvider.NAME + "=tree",
    configurationPid = "vmem.tree",
    // The kernel reads the configuration for each engine it opens; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = TreeConfiguration.class)
public final class TreeProvider implements AddressProvider {
  /** For Declarative Services. */
  public TreeProvider() {}

  @Override
  public String model() {
    return TreeEngine.MODEL;
  }

  @Override
  public AddressEngine open(AddressContext context, Settings settings) {
    return new TreeEngine(context, settings);
  }
}
