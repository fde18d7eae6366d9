package kernel.boot;

import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.Machine;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;
import kernel.backing.OwnedSpans;
import kernel.backing.RecordedSpans;
import kernel.config.SettingsCatalog;
import kernel.swap.Successors;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/** Opens the engines of one system, at its boot and for every exchange. */
final class EngineFactory implements Successors {
  private final ProviderRegistry registry;
  private final SettingsCatalog catalog;
  private final List<String> settings;
  private final Machine machine;
  private final List<FrameSpan> present;
  private final List<FrameSpan> free;
  private final List<FrameZone> zones;

  /**
   * Makes a factory.
   *
   * @param settings those of the boot
   * @param present all RAM
   * @param free what of it physmem manages
   * @param zones what each zone spans
   */
  EngineFactory(
      ProviderRegistry registry,
      SettingsCatalog catalog,
      List<String> settings,
      Machine machine,
      List<FrameSpan> present,
      List<FrameSpan> free,
      List<FrameZone> zones) {
    this.registry = registry;
    this.catalog = catalog;
    this.settings = settings;
    this.machine = machine;
    this.present = List.copyOf(present);
    this.free = List.copyOf(free);
    this.zones = List.copyOf(zones);
  }

  @Override
  public List<ProviderInfo> candidates(Tier tier) {
    String configured = catalog.resolve("kernel", settings).text(tier.label(), "");
    return registry.infos(tier).stream()
        .filter(info -> registry.quarantined(info).isEmpty())
        .sorted(
            Comparator.comparingInt(ProviderInfo::ranking)
                .reversed()
                .thenComparing(info -> !info.name().equals(configured)))
        .toList();
  }

  @Override
  public ProviderInfo named(Tier tier, String name) {
    return registry.find(tier, name);
  }

  @Override
  public boolean isPresent(ProviderInfo provider) {
    return registry.isPresent(provider);
  }

  @Override
  public Optional<String> quarantined(ProviderInfo provider) {
    return registry.quarantined(provider);
  }

  @Override
  public void quarantine(ProviderInfo provider, String why) {
    registry.quarantine(provider, why);
  }

  @Override
  public EngineMemory memory() {
    return new EngineMemory(machine.memory());
  }

  private Settings settings(ProviderInfo provider) {
    return catalog.resolve(provider.bundle(), settings);
  }

  @Override
  public FrameEngine openFrames(ProviderInfo provider, EngineMemory memory) {
    return registry
        .opener(provider, FrameProvider.class)
        .open(new Contexts.Frames(machine, memory, present, free, zones), settings(provider));
  }

  @Override
  public AddressEngine openAddresses(ProviderInfo provider, EngineMemory memory) {
    return registry
        .opener(provider, AddressProvider.class)
        .open(new Contexts.Addresses(machine, memory), settings(provider));
  }

  @Override
  public HeapEngine openHeap(ProviderInfo provider, EngineMemory memory, OwnedSpans spans) {
    return registry
        .opener(provider, HeapProvider.class)
        .open(
            new Contexts.HeapMemory(machine, memory, new RecordedSpans(spans), spans.window()),
            settings(provider));
  }
}
