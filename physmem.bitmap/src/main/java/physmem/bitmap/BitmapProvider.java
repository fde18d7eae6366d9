package physmem.bitmap;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;

/** Opens bitmaps of frames; the provider named {@code bitmap}. Holds no state. */
@Component(
    property = AllocatorProvider.NAME + "=bitmap",
    configurationPolicy = ConfigurationPolicy.IGNORE) // settings come through open, never a restart
public final class BitmapProvider implements FrameProvider {
  /** What the allocators are modelled on. */
  static final String MODEL = "next-fit bitmap";

  @Override
  public String model() {
    return MODEL;
  }

  @Override
  public FrameEngine open(FrameContext context, Settings settings) {
    return new BitmapFrames(context, BitmapSettings.read(settings));
  }
}
