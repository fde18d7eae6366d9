package kernel.boot;

import allocator.api.AllocatorProvider;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.sim.SimMachineFactory;
import hardware.sim.map.SimFirmwareMaps;
import heap.api.HeapProvider;
import heap.dl.DlProvider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kernel.config.EtcDirectory;
import kernel.config.Metatypes;
import kernel.config.SettingsCatalog;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;
import physmem.api.FrameProvider;
import physmem.buddy.BuddyProvider;
import vmem.api.AddressProvider;
import vmem.arena.ArenaProvider;

/** The kernel service with doubles of the framework around it, and the real providers. */
final class PlainKernel {
  static final SimFirmwareMaps MAPS = new SimFirmwareMaps();

  final ProviderRegistry registry = new ProviderRegistry();
  final Map<String, Map<String, String>> etc = new LinkedHashMap<>();
  final List<String> registered = new ArrayList<>();
  private final Map<String, ServiceReference<?>> references = new LinkedHashMap<>();
  final KernelService kernel;

  PlainKernel() {
    BundleContext context = context();
    SettingsCatalog catalog = Metatypes.catalog(etc);
    EtcDirectory directory = new EtcDirectory(context, Metatypes.admin(etc));
    this.kernel =
        new KernelService(context, new SimMachineFactory(), MAPS, registry, catalog, directory);
    frames("buddy", 0, new BuddyProvider());
    addresses("arena", 0, new ArenaProvider());
    heaps("dl", 0, new DlProvider());
  }

  /** A map of usable ranges, each a start and an exclusive end. */
  static FirmwareMap map(long... bounds) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      lines.add("BIOS-e820: [mem 0x%016x-0x%016x] usable".formatted(bounds[i], bounds[i + 1] - 1));
    }
    return MAPS.read("test map", lines, MapOptions.DEFAULTS);
  }

  void frames(String name, int ranking, FrameProvider provider) {
    ServiceReference<FrameProvider> from = reference("physmem." + name, name, ranking);
    registry.addFrames(from, provider);
    references.put(name, from);
  }

  void addresses(String name, int ranking, AddressProvider provider) {
    ServiceReference<AddressProvider> from = reference("vmem." + name, name, ranking);
    registry.addAddresses(from, provider);
    references.put(name, from);
  }

  void heaps(String name, int ranking, HeapProvider provider) {
    ServiceReference<HeapProvider> from = reference("heap." + name, name, ranking);
    registry.addHeaps(from, provider);
    references.put(name, from);
  }

  /** Takes the provider of a name away, as a bundle that stops does. */
  void depart(String name) {
    registry.remove(Objects.requireNonNull(references.remove(name)));
  }

  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // a reference equals itself only
  private static <P> ServiceReference<P> reference(String bundle, String name, int ranking) {
    Map<String, Object> properties =
        Map.of(AllocatorProvider.NAME, name, Constants.SERVICE_RANKING, ranking);
    return (ServiceReference<P>)
        proxy(
            ServiceReference.class,
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "getBundle" -> Metatypes.bundle(bundle, Version.parseVersion("1.2.3"));
                  case "getProperty" -> properties.get(arguments[0]);
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" -> self == arguments[0];
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private BundleContext context() {
    return proxy(
        BundleContext.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getProperty" -> null;
              case "addBundleListener", "removeBundleListener" -> null;
              case "registerService" -> registration(((Class<?>) arguments[0]).getName());
              default -> throw new UnsupportedOperationException(method.toString());
            });
  }

  private ServiceRegistration<?> registration(String type) {
    registered.add(type);
    return proxy(ServiceRegistration.class, (self, method, arguments) -> registered.remove(type));
  }

  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
