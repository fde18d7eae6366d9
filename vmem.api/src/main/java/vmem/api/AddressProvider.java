package vmem.api;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import org.osgi.annotation.versioning.ConsumerType;

/** A whiteboard service that opens address engines of one kind. */
@ConsumerType
public interface AddressProvider extends AllocatorProvider {
  /**
   * Opens an engine without any arena.
   *
   * @implSpec [vmem.1] The engine has no arena. Without settings the defaults hold.
   * @param context what the kernel offers
   * @param settings this provider's settings
   * @return the engine
   * @throws allocator.api.BadSettingException if a setting is not accepted
   */
  AddressEngine open(AddressContext context, Settings settings);
}
