package allocator.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The part of a provider service that does not depend on its tier: its name and its settings.
 *
 * <p>A provider is a whiteboard service: a bundle registers it with the service property {@link
 * #NAME}, and the kernel chooses one per tier by configuration, by ranking or by command. The
 * service is a factory; it holds no allocator state itself.
 */
@ConsumerType
public interface AllocatorProvider {
  /**
   * The service property that holds a provider's short name, such as {@code buddy}, {@code arena}
   * or {@code dl}; type {@code String}, unique within the tier.
   */
  String NAME = "quarry.provider";

  /**
   * {@return what the provider's allocators are modelled on, such as {@code dlmalloc 2.8.6}}
   *
   * @implSpec [allocator.1] Never null or empty, and always the same text.
   */
  String model();
}
