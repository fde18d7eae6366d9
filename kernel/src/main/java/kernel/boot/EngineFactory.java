package kernel.boot;

import allocator.api.AllocatorException;
import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.Machine;
import hardware.api.PageFault;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import kernel.api.ProviderFailedException;
import kernel.api.ProviderInfo;
import kernel.backing.EngineMemory;
import kernel.backing.OwnedSpans;
import kernel.backing.RecordedSpans;
import kernel.config.SettingsCatalog;
import kernel.swap.Successors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;

/** Opens the engines of one system, at its boot and for every exchange. */
final class EngineFactory implements Successors {
  private static final Logger LOG = LoggerFactory.getLogger(EngineFactory.class);

  private final ProviderRegistry registry;
  private final SettingsCatalog catalog;
  private final List<String> settings;
  private final Machine machine;
  private final List<FrameSpan> present;
  private final List<FrameSpan> free;
  private final List<FrameZone> zones;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

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
    FrameProvider opener = registry.opener(provider, FrameProvider.class);
    var context = new Contexts.Frames(machine, memory, present, free, zones);
    return opened(provider, settings -> opener.open(context, settings));
  }

  @Override
  public AddressEngine openAddresses(ProviderInfo provider, EngineMemory memory) {
    AddressProvider opener = registry.opener(provider, AddressProvider.class);
    var context = new Contexts.Addresses(machine, memory);
    return opened(provider, settings -> opener.open(context, settings));
  }

  @Override
  public HeapEngine openHeap(ProviderInfo provider, EngineMemory memory, OwnedSpans spans) {
    HeapProvider opener = registry.opener(provider, HeapProvider.class);
    var context =
        new Contexts.HeapMemory(machine, memory, new RecordedSpans(spans), spans.window());
    return opened(provider, settings -> opener.open(context, settings));
  }

  // What an allocator throws, and what the host does, says what is wrong; the rest is the
  // provider's own failure, whose author wants to know where.
  private <E> E opened(ProviderInfo provider, Function<Settings, @Nullable E> open) {
    Settings settings = settings(provider);
    try {
      @Nullable E engine = open.apply(settings);
      if (engine == null) {
        throw new ProviderFailedException(
            label(provider) + ": open returned null; return an engine, or throw what is wrong");
      }
      return engine;
    } catch (AllocatorException | PageFault | VirtualMachineError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      ProviderFailedException failure =
          new ProviderFailedException(
              "%s: open threw %s; %s".formatted(label(provider), Failure.text(e), Failure.REMEDY),
              e);
      if (told.add(failure.getMessage())) { // a rehearsal and the exchange fail alike
        LOG.warn("{} threw in open", label(provider), e);
      }
      throw failure;
    }
  }

  private static String label(ProviderInfo provider) {
    return "%s provider %s of bundle %s %s"
        .formatted(provider.tier().label(), provider.name(), provider.bundle(), provider.version());
  }
}
