package vmem.arena;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/** The service through which the kernel finds this bundle's engine, named {@code arena}. */
@Component(
    service = AddressProvider.class,
    property = AllocatorProvider.NAME + "=arena",
    configurationPid = "vmem.arena",
    // The kernel reads the configuration when it opens an engine; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = ArenaConfiguration.class)
public final class ArenaProvider implements AddressProvider {
  /** Made by Declarative Services. */
  public ArenaProvider() {}

  @Override
  public String model() {
    return ArenaEngine.MODEL;
  }

  @Override
  public AddressEngine open(AddressContext context, Settings settings) {
    return new ArenaEngine(context, settings);
  }
}
