package physmem.arena;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;

/** Offers {@link ArenaFrames} to the kernel under the name {@code arena}. */
@Component(
    service = FrameProvider.class,
    property = AllocatorProvider.NAME + "=arena",
    configurationPid = "physmem.arena",
    // The kernel reads the configuration when it opens an engine; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = FrameConfiguration.class)
public final class ArenaFramesProvider implements FrameProvider {
  /** For Declarative Services. */
  public ArenaFramesProvider() {}

  @Override
  public String model() {
    return ArenaFrames.MODEL;
  }

  @Override
  public FrameEngine open(FrameContext context, Settings settings) {
    return new ArenaFrames(context, FrameSettings.read(settings));
  }
}
