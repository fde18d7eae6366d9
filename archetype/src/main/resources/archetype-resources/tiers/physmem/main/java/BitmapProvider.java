package ${package};

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;

/** Opens bitmaps of frames; the provider named {@code ${artifactId}}. Holds no state. */
@Component(
    service = FrameProvider.class,
    property = AllocatorProvider.NAME + "=${artifactId}",
    configurationPolicy = ConfigurationPolicy.IGNORE) // settings come through open
public final class BitmapProvider implements FrameProvider {
  /** For Declarative Services. */
  public BitmapProvider() {}

  @Override
  public String model() {
    return BitmapFrames.MODEL;
  }

  @Override
  public FrameEngine open(FrameContext context, Settings settings) {
    return new BitmapFrames(context);
  }
}
