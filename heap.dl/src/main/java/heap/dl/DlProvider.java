package heap.dl;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers {@link DlHeap} to the kernel under the name {@code dl}. Safe for use by several threads.
 */
@Component(
    service = HeapProvider.class,
    property = AllocatorProvider.NAME + "=dl",
    configurationPid = "heap.dl",
    // The kernel reads the configuration for each heap it opens; the service stays as it is.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = DlConfiguration.class)
public final class DlProvider implements HeapProvider {
  /** For Declarative Services. */
  public DlProvider() {}

  @Override
  public String model() {
    return DlHeap.MODEL;
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    int spaces = DlSettings.parse(settings, context.spans().pageBytes()).spaces();
    return spaces == 1 ? new DlHeap(context, settings) : new DlSpaces(context, settings, spaces);
  }
}
