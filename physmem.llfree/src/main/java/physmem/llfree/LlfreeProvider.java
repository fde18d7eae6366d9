package physmem.llfree;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;

/** Opens lock-free frame allocators; the provider named {@code llfree}. Holds no state. */
@Component(
    property = AllocatorProvider.NAME + "=llfree",
    configurationPolicy = ConfigurationPolicy.IGNORE) // settings come through open, never a restart
public final class LlfreeProvider implements FrameProvider {
  /** What the allocators are modelled on. */
  static final String MODEL = "LLFree (ATC'23)";

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public FrameEngine open(FrameContext context, Settings settings) {
    return new LlfreeFrames(context, LlfreeSettings.read(settings));
  }
}
