package heap.tlsf;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Offers {@link TlsfEngine} to the kernel under the name {@code tlsf}. */
@Component(
    service = HeapProvider.class,
    property = AllocatorProvider.NAME + "=tlsf",
    configurationPid = "heap.tlsf",
    // The kernel hands the configuration to open(); this service has no use for it.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = TlsfConfiguration.class)
public final class TlsfProvider implements HeapProvider {
  /** For Declarative Services. */
  public TlsfProvider() {}

  @Override
  public String model() {
    return TlsfEngine.MODEL;
  }

  @Override
  public HeapEngine open(HeapContext context, Settings settings) {
    return new TlsfEngine(context, TlsfSettings.parse(settings, context.spans().pageBytes()));
  }
}
