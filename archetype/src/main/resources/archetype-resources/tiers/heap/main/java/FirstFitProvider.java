package ${package};

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Opens first-fit heaps; the provider named {@code ${artifactId}}. Holds no state. */
@Component(
    service = HeapProvider.class,
    property = AllocatorProvider.NAME + "=${artifactId}",
    configurationPolicy = ConfigurationPolicy.IGNORE) // settings come through open
public final class FirstFitProvider implements HeapProvider {
  /** For Declarative Services. */
  public FirstFitProvider() {}

  @Override
  public String model() {
    return FirstFitHeap.MODEL;
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    return new FirstFitHeap(context);
  }
}
