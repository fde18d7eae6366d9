package physmem.api;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.annotation.versioning.ConsumerType;

/** A whiteboard service that opens frame engines of one kind. */
@ConsumerType
public interface FrameProvider extends AllocatorProvider {
  /**
   * Opens an engine over a machine's RAM.
   *
   * @implSpec [physmem.1] Every frame of {@link FrameContext#free} is free, and no other. Without
   *     settings the defaults hold.
   * @param context RAM and room for metadata
   * @param settings this provider's settings
   * @return the engine, with every frame of {@link FrameContext#free} free
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  FrameEngine open(FrameContext context, Settings settings);
}
