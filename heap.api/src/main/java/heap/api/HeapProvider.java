package heap.api;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.annotation.versioning.ConsumerType;

/** A whiteboard service that opens heap engines of one kind. */
@ConsumerType
public interface HeapProvider extends AllocatorProvider {
  /**
   * Opens an engine that holds nothing yet.
   *
   * @implSpec [heap.1] The engine holds nothing: footprint 0 or only what the engine needs for
   *     itself, no live block. Without settings the defaults hold.
   * @param context spans, memory and CPUs
   * @param settings this provider's settings
   * @return the engine
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  HeapEngine open(HeapContext context, Settings settings);
}
