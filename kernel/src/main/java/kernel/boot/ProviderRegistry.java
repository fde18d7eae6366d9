package kernel.boot;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import heap.api.HeapProvider;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kernel.api.BootException;
import kernel.api.BundleFinding;
import kernel.api.ProviderInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import physmem.api.FrameProvider;
import vmem.api.AddressProvider;

/**
 * The providers that are present, by tier, as they come and go. Safe for use by several threads.
 */
@Component(service = ProviderRegistry.class)
public final class ProviderRegistry {
  // Highest ranking first, then by name; of one name in several versions the newest.
  private static final Comparator<ProviderInfo> PREFERENCE =
      Comparator.comparingInt(ProviderInfo::ranking)
          .reversed()
          .thenComparing(ProviderInfo::name)
          .thenComparing(info -> Version.parseVersion(info.version()), Comparator.reverseOrder());

  private static final Logger LOG = LoggerFactory.getLogger(ProviderRegistry.class);

  private record Entry(ProviderInfo info, AllocatorProvider provider, Origin origin) {}

  /** Which bundle in which state a provider is from: an update changes the last part. */
  private record Origin(long bundle, String location, long modified) {}

  /** Who is told of providers that come and go. */
  interface Listener {
    /** A provider has come. */
    void arrived(ProviderInfo provider);

    /**
     * A provider goes; it is not found any more, and its bundle waits until this returns.
     *
     * @param origin where it was from, for {@link #isRenewal}
     */
    void departed(ProviderInfo provider, Object origin);
  }

  private final Map<ServiceReference<?>, Entry> entries = new ConcurrentHashMap<>();
  private final List<Quarantine> quarantines = new CopyOnWriteArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private final Map<ServiceReference<?>, BundleFinding> refusals = new ConcurrentHashMap<>();
  private volatile Function<String, List<BundleFinding>> explainer = name -> List.of();

  private volatile Predicate<String> watched = location -> false;

  private record Quarantine(ProviderInfo provider, String why) {}

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
    refusals.remove(reference);
    Entry gone = entries.remove(reference);
    if (gone != null) {
      listeners.forEach(listener -> listener.departed(gone.info(), gone.origin()));
      quarantines.removeIf(each -> same(each.provider(), gone.info()));
    }
  }

  private void add(Tier tier, ServiceReference<?> reference, AllocatorProvider provider) {
    Optional<BundleFinding> refusal = Refusal.of(reference, provider);
    if (refusal.isPresent()) {
      refusals.put(reference, refusal.get());
      LOG.debug("refused: {}", refusal.get());
      return;
    }
    ProviderInfo info = info(tier, reference, provider);
    Bundle bundle = reference.getBundle();
    List<ProviderInfo> namesakes = namesakes(info);
    entries.put(
        reference,
        new Entry(
            info,
            provider,
            new Origin(bundle.getBundleId(), bundle.getLocation(), bundle.getLastModified())));
    if (!namesakes.isEmpty()) {
      warnOfNamesakes(info);
    }
    listeners.forEach(listener -> listener.arrived(info));
  }

  private void warnOfNamesakes(ProviderInfo info) {
    List<ProviderInfo> all = infos(info.tier());
    List<ProviderInfo> alike =
        all.stream().filter(other -> other.name().equals(info.name())).toList();
    LOG.warn(
        "{} provider {} is offered by {}; the plain name means the first: write {} to say which, or"
            + " give yours a name of its own",
        info.tier().label(),
        info.name(),
        alike.stream()
            .map(each -> each.bundle() + " " + each.version())
            .collect(Collectors.joining(" and ")),
        alike.stream()
            .map(each -> "`swap %s %s`".formatted(info.tier().label(), each.distinctName(all)))
            .collect(Collectors.joining(" or ")));
  }

  private List<ProviderInfo> namesakes(ProviderInfo info) {
    return infos(info.tier()).stream()
        .filter(other -> !same(other, info) && other.name().equals(info.name()))
        .toList();
  }

  /** Sets who knows, of a name that no provider has, what keeps bundles named like it. */
  public void explainBy(Function<String, List<BundleFinding>> other) {
    explainer = other;
  }

  /** Sets which locations of bundles are files in watched directories. */
  public void watching(Predicate<String> locations) {
    watched = locations;
  }

  /** {@return why services of a bundle were not taken} */
  public List<BundleFinding> refused(Bundle bundle) {
    return refusals.entrySet().stream()
        .filter(entry -> bundle.equals(entry.getKey().getBundle()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** {@return whether a bundle offers a provider} */
  public boolean offers(Bundle bundle) {
    return entries.keySet().stream().anyMatch(reference -> bundle.equals(reference.getBundle()));
  }

  @SuppressWarnings("ReferenceEquality") // each arrival has an info of its own
  private static boolean same(ProviderInfo one, ProviderInfo other) {
    return one == other;
  }

  /** Has somebody told of providers that come and go from now on. */
  void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Ends what {@link #listen} began. */
  void ignore(Listener listener) {
    listeners.remove(listener);
  }

  /**
   * {@return whether a provider is from the same bundle as another was, after an update; what came
   * to the same place in a watched directory counts as one}
   */
  boolean isRenewal(ProviderInfo info, Object former) {
    return former instanceof Origin old
        && entries.values().stream()
            .anyMatch(entry -> same(entry.info(), info) && isRenewal(entry.origin(), old));
  }

  // A jar in a watched directory that is replaced by a broken one and then by a good one comes back
  // as another bundle: the broken one had the first uninstalled.
  private boolean isRenewal(Origin origin, Origin old) {
    return origin.bundle() == old.bundle()
        ? origin.modified() != old.modified()
        : origin.location().equals(old.location()) && watched.test(old.location());
  }

  /** Keeps a provider from being chosen. */
  void quarantine(ProviderInfo info, String why) {
    quarantines.add(new Quarantine(info, why));
  }

  /** {@return why a provider is quarantined, if it is} */
  Optional<String> quarantined(ProviderInfo info) {
    return quarantines.stream()
        .filter(each -> same(each.provider(), info))
        .map(Quarantine::why)
        .findFirst();
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
  boolean isPresent(ProviderInfo info) {
    return entries.values().stream().anyMatch(entry -> same(entry.info(), info));
  }

  /**
   * Finds a provider.
   *
   * @param name its name, its bundle's symbolic name, or either with {@code @VERSION}; an empty
   *     text for the one with the highest ranking
   * @throws BootException if there is none, naming those that there are
   */
  ProviderInfo find(Tier tier, String name) {
    return infos(tier).stream()
        .filter(info -> isNamed(info, name))
        .findFirst()
        .orElseThrow(() -> unknown(tier, name));
  }

  // Of those without a name to go by, none that is quarantined.
  private boolean isNamed(ProviderInfo info, String name) {
    int at = name.indexOf('@');
    String plain = at < 0 ? name : name.substring(0, at);
    boolean version = at < 0 || info.version().equals(name.substring(at + 1));
    return name.isEmpty()
        ? quarantined(info).isEmpty()
        : version && (info.name().equals(plain) || info.bundle().equals(plain));
  }

  /** Finds what opens the engines of a provider that is known already. */
  <P extends AllocatorProvider> P opener(ProviderInfo info, Class<P> type) {
    return entries.values().stream()
        .filter(entry -> same(entry.info(), info))
        .map(entry -> type.cast(entry.provider()))
        .findFirst()
        .orElseThrow(() -> unknown(info.tier(), info.name()));
  }

  private BootException unknown(Tier tier, String name) {
    List<String> names =
        infos(tier).stream()
            .map(info -> info.name() + (quarantined(info).isEmpty() ? "" : " (quarantined)"))
            .distinct()
            .toList();
    String present = names.isEmpty() ? "none" : String.join(", ", names);
    return new BootException(
        name.isEmpty()
            ? "no %s provider can be chosen; present are %s".formatted(tier.label(), present)
            : "no %s provider is named %s; present are %s".formatted(tier.label(), name, present)
                + elsewhere(tier, name)
                + explained(name));
  }

  // A provider of that name, but of another tier.
  private String elsewhere(Tier tier, String name) {
    return Arrays.stream(Tier.values())
        .filter(other -> other != tier)
        .filter(other -> infos(other).stream().anyMatch(info -> isNamed(info, name)))
        .findFirst()
        .map(other ->
            "\n%s is a provider of %s: write `swap %2$s %1$s`, or --%2$s %1$s at start"
                .formatted(name, other.label()))
        .orElse("");
  }

  private String explained(String name) {
    return explainer.apply(name).stream()
        .map(finding -> "\n" + finding.text())
        .collect(Collectors.joining());
  }
}
