package watch;

import allocator.api.Statistic;
import allocator.api.Tier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import kernel.api.TierStatus;

/** A tier's attributes, each asked anew of whatever system runs. */
final class TierBean implements TierMXBean {
  private final Kernel kernel;
  private final Tier tier;

  TierBean(Kernel kernel, Tier tier) {
    this.kernel = kernel;
    this.tier = tier;
  }

  private <T> T ask(T otherwise, Function<TierStatus, T> question) {
    Optional<BootedSystem> system = kernel.running();
    return system.map(BootedSystem::tiers).orElse(List.of()).stream()
        .filter(each -> each.tier() == tier)
        .findFirst()
        .map(question)
        .orElse(otherwise);
  }

  /** {@return figures by name} */
  static Map<String, Long> byName(List<Statistic> figures) {
    Map<String, Long> map = new TreeMap<>();
    figures.forEach(each -> map.put(each.name(), each.value()));
    return map;
  }

  @Override
  public String getProvider() {
    return ask("", TierStatus::provider);
  }

  @Override
  public String getState() {
    return ask("", TierStatus::state);
  }

  @Override
  public String getBundle() {
    return ask("", TierStatus::bundle);
  }

  @Override
  public String getVersion() {
    return ask("", TierStatus::version);
  }

  @Override
  public long getLiveRanges() {
    return ask(0L, status -> status.census().liveCount());
  }

  @Override
  public long getLiveUnits() {
    return ask(0L, status -> status.census().liveUnits());
  }

  @Override
  public long getManagedUnits() {
    return ask(0L, status -> status.census().managedUnits());
  }

  @Override
  public Map<String, Long> getFigures() {
    return byName(kernel.running().map(system -> system.figures(tier)).orElse(List.of()));
  }

  @Override
  public String[] getCandidates() {
    return kernel.providers(tier).stream().map(ProviderInfo::name).toArray(String[]::new);
  }

  @Override
  public String swap(String provider) {
    BootedSystem system =
        kernel.running().orElseThrow(() -> new IllegalStateException("no machine is running"));
    SwapRecord made = system.swap(new SwapRequest(tier, provider, false, false, "JMX"));
    return MachineBean.line(made);
  }
}
