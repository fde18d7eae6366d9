package physmem.buddy;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;

/** Opens buddy allocators; the provider named {@code buddy}. Holds no state. */
@Component(
    property = AllocatorProvider.NAME + "=buddy",
    configurationPolicy = ConfigurationPolicy.IGNORE) // settings come through open, never a restart
public final class BuddyProvider implements FrameProvider {
  /** What the allocators are modelled on. */
  static final String MODEL = "Linux 6.1 buddy, claim and steal of 6.15";

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public FrameEngine open(FrameContext context, Settings settings) {
    return new BuddyFrames(context, BuddySettings.read(settings));
  }
}
