package heap.zone;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers {@link ZoneHeap} to the kernel under the name {@code zone}. Safe for use by several
 * threads.
 */
@Component(
    service = HeapProvider.class,
    property = AllocatorProvider.NAME + "=zone",
    configurationPid = "heap.zone",
    // The kernel reads the configuration for each heap it opens; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = ZoneConfiguration.class)
public final class ZoneProvider implements HeapProvider {
  /** For Declarative Services. */
  public ZoneProvider() {}

  @Override
  public String model() {
    return ZoneHeap.MODEL;
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    return new ZoneHeap(context, settings);
  }
}
