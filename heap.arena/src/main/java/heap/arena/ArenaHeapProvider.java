package heap.arena;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers {@link ArenaHeap} to the kernel under the name {@code arena}. Safe for use by several
 * threads.
 */
@Component(
    service = HeapProvider.class,
    property = AllocatorProvider.NAME + "=arena",
    configurationPid = "heap.arena",
    // The kernel reads the configuration for each heap it opens; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = ArenaHeapConfiguration.class)
public final class ArenaHeapProvider implements HeapProvider {
  /** For Declarative Services. */
  public ArenaHeapProvider() {}

  @Override
  public String model() {
    return ArenaHeap.MODEL;
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    return new ArenaHeap(context, settings);
  }
}
