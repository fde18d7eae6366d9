package kernel.boot;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import heap.api.HeapProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.api.BootException;
import kernel.api.ProviderInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import physmem.api.FrameProvider;
import vmem.api.AddressProvider;

/**
 * The providers that are present, by tier, as they come and go. Safe for use by several threads.
 */
@Component(service = ProviderRegistry.class)
public final class ProviderRegistry {
  // Highest ranking first, then by name; of one name in several versions the first by version text.
  private static final Comparator<ProviderInfo> PREFERENCE =
      Comparator.comparingInt(ProviderInfo::ranking)
          .reversed()
          .thenComparing(ProviderInfo::name)
          .thenComparing(ProviderInfo::version);

  private record Entry(ProviderInfo info, AllocatorProvider provider) {}

  private final Map<ServiceReference<?>, Entry> entries = new ConcurrentHashMap<>();

  /** Made by Declarative Services. */
  public ProviderRegistry() {}

  /**
   * Notes a provider of frames that has come.
   *
   * @param reference says where it comes from and what it is called
   * @param provider the provider
   */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void addFrames(ServiceReference<FrameProvider> reference, FrameProvider provider) {
    add(Tier.PHYSMEM, reference, provider);
  }

  /**
   * Notes a provider of addresses that has come.
   *
   * @param reference says where it comes from and what it is called
   * @param provider the provider
   */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void addAddresses(ServiceReference<AddressProvider> reference, AddressProvider provider) {
    add(Tier.VMEM, reference, provider);
  }

  /**
   * Notes a provider of heaps that has come.
   *
   * @param reference says where it comes from and what it is called
   * @param provider the provider
   */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "remove")
  public void addHeaps(ServiceReference<HeapProvider> reference, HeapProvider provider) {
    add(Tier.HEAP, reference, provider);
  }

  /**
   * Forgets a provider that goes; one that is not known is passed over.
   *
   * @param reference the one it came with
   */
  public void remove(ServiceReference<?> reference) {
    entries.remove(reference);
  }

  private void add(Tier tier, ServiceReference<?> reference, AllocatorProvider provider) {
    entries.put(reference, new Entry(info(tier, reference, provider), provider));
  }

  private static ProviderInfo info(
      Tier tier, ServiceReference<?> reference, AllocatorProvider provider) {
    Bundle bundle = reference.getBundle();
    Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
    return new ProviderInfo(
        tier,
        String.valueOf(reference.getProperty(AllocatorProvider.NAME)),
        provider.model(),
        bundle.getSymbolicName(),
        bundle.getVersion().toString(),
        ranking instanceof Integer rank ? rank : 0);
  }

  /** {@return the providers of a tier, highest ranking first, then by name} */
  List<ProviderInfo> infos(Tier tier) {
    return entries.values().stream()
        .map(Entry::info)
        .filter(info -> info.tier() == tier)
        .sorted(PREFERENCE)
        .toList();
  }

  /**
   * {@return whether the very provider that a choice named is still there; one that came back under
   * the same name is another}
   */
  @SuppressWarnings("ReferenceEquality") // each arrival has an info of its own
  boolean isPresent(ProviderInfo info) {
    return entries.values().stream().anyMatch(entry -> entry.info() == info);
  }

  /** A provider with what is known of it. */
  record Choice<P extends AllocatorProvider>(ProviderInfo info, P provider) {}

  /**
   * Finds a provider.
   *
   * @param name its name, or an empty text for the one with the highest ranking
   * @throws BootException if there is none, naming those that there are
   */
  <P extends AllocatorProvider> Choice<P> find(Tier tier, String name, Class<P> type) {
    return entries.values().stream()
        .filter(entry -> entry.info().tier() == tier)
        .filter(entry -> name.isEmpty() || entry.info().name().equals(name))
        .min(Comparator.comparing(Entry::info, PREFERENCE))
        .map(entry -> new Choice<>(entry.info(), type.cast(entry.provider())))
        .orElseThrow(() -> unknown(tier, name));
  }

  private BootException unknown(Tier tier, String name) {
    List<String> names = infos(tier).stream().map(ProviderInfo::name).toList();
    return new BootException(
        "no %s provider is named %s; present are %s"
            .formatted(tier.label(), name, names.isEmpty() ? "none" : String.join(", ", names)));
  }
}
