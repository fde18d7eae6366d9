package heap.slab;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers {@link SlabHeap} to the kernel under the name {@code slab}. Safe for use by several
 * threads.
 */
@Component(
    service = HeapProvider.class,
    property = AllocatorProvider.NAME + "=slab",
    configurationPid = "heap.slab",
    // The kernel reads the configuration for each heap it opens; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = SlabConfiguration.class)
public final class SlabProvider implements HeapProvider {
  /** For Declarative Services. */
  public SlabProvider() {}

  @Override
  public String model() {
    return SlabHeap.MODEL;
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    return new SlabHeap(context, settings);
  }
}
