package kernel.boot;

import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.Machine;
import hardware.api.MachineFactory;
import hardware.api.map.BootMap;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapOptions;
import hardware.api.map.Severity;
import heap.api.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import kernel.api.BootException;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SettingInfo;
import kernel.config.EtcDirectory;
import kernel.config.KernelSettings;
import kernel.config.SettingsCatalog;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import physmem.api.FrameAllocator;
import vmem.api.AddressAllocator;

/** The kernel service. */
@Component(
    service = Kernel.class,
    configurationPid = "kernel",
    // Read anew for each boot; a change must not end the system that runs.
    configurationPolicy = ConfigurationPolicy.IGNORE)
@Designate(ocd = KernelSettings.class)
public final class KernelService implements Kernel, ProviderRegistry.Listener {
  private final BundleContext context;
  private final MachineFactory machines;
  private final FirmwareMaps maps;
  private final ProviderRegistry registry;
  private final SettingsCatalog catalog;
  private final EtcDirectory etc;
  private final List<ServiceRegistration<?>> slots = new ArrayList<>();
  private final List<Succession> systems = new CopyOnWriteArrayList<>();
  private final SynchronousBundleListener end = this::frameworkChanged;
  private @Nullable BootedSystem running;

  /**
   * Made by Declarative Services.
   *
   * @param context this bundle's context
   * @param machines builds machines
   * @param maps sanitises maps
   * @param registry the providers present
   * @param catalog the settings
   * @param etc has read {@code etc/} before anything boots
   */
  @Activate
  public KernelService(
      BundleContext context,
      @Reference MachineFactory machines,
      @Reference FirmwareMaps maps,
      @Reference ProviderRegistry registry,
      @Reference SettingsCatalog catalog,
      @Reference EtcDirectory etc) {
    this.context = context;
    this.machines = machines;
    this.maps = maps;
    this.registry = registry;
    this.catalog = catalog;
    this.etc = etc;
    registry.listen(this);
    context.addBundleListener(end);
  }

  // The framework stops its bundles one by one, and each stop of a provider would be an exchange:
  // the
  // system ends before the first.
  private void frameworkChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
      stop();
    }
  }

  @Override
  public void arrived(ProviderInfo provider) {
    systems.forEach(system -> system.arrived(provider));
  }

  @Override
  public void departed(ProviderInfo provider, Object origin) {
    systems.forEach(system -> system.departed(provider, origin));
  }

  @Override
  public BootedSystem boot(BootSpec spec) {
    etc.requireRead();
    catalog.validate(spec.settings());
    BootMap map = bootMap(spec);
    Settings settings = catalog.resolve("machine", spec.settings());
    Machine machine = machines.build(map.map(), settings);
    try {
      return followed(new BootSequence(registry, catalog, spec, map, machine).run());
    } catch (RuntimeException | Error e) {
      machine.close();
      throw e;
    }
  }

  // A provider may have gone between its choice and this moment.
  private StackedSystem followed(StackedSystem system) {
    Succession succession = new Succession(system.coordinator(), registry);
    system.whenEnded(gone -> systems.remove(succession));
    systems.add(succession);
    succession.catchUp();
    return system;
  }

  private BootMap bootMap(BootSpec spec) {
    BootMap map = maps.boot(spec.map(), options(spec));
    if (map.map().usable().isEmpty()) {
      throw new BootException(
          "%s has no usable RAM%s; `quarry lint` shows more, use another map"
              .formatted(spec.map().name(), errors(spec.map())));
    }
    return map;
  }

  private static String errors(FirmwareMap map) {
    return map.findings().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(finding -> ": " + finding.message())
        .collect(Collectors.joining());
  }

  private static MapOptions options(BootSpec spec) {
    return MapOptions.DEFAULTS.withLoaderUsable(spec.loaderUsable());
  }

  @Override
  public synchronized BootedSystem start(BootSpec spec) {
    BootedSystem system = boot(spec);
    try {
      stop();
    } catch (RuntimeException e) {
      try (system) {
        throw e; // nobody would close the new one
      }
    }
    running = system;
    register(FrameAllocator.class, system.frames());
    register(AddressAllocator.class, system.addresses());
    register(Heap.class, system.heap());
    return system;
  }

  private <T> void register(Class<T> type, T slot) {
    slots.add(context.registerService(type, slot, FrameworkUtil.asDictionary(Map.of())));
  }

  @Override
  public synchronized Optional<BootedSystem> running() {
    return Optional.ofNullable(running);
  }

  @Override
  public List<ProviderInfo> providers(Tier tier) {
    return registry.infos(tier);
  }

  @Override
  public Optional<String> quarantined(ProviderInfo provider) {
    return registry.quarantined(provider);
  }

  @Override
  public List<SettingInfo> settings() {
    return catalog.all();
  }

  /** Called by Declarative Services when the kernel ends: the running system ends with it. */
  @Deactivate
  void deactivate() {
    context.removeBundleListener(end);
    registry.ignore(this);
    stop();
  }

  synchronized void stop() {
    slots.forEach(ServiceRegistration::unregister);
    slots.clear();
    BootedSystem system = running;
    running = null;
    if (system != null) {
      system.close();
    }
  }
}
