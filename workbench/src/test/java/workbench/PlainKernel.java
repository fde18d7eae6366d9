package workbench;

import allocator.api.AllocatorProvider;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.sim.SimMachineFactory;
import hardware.sim.map.SimFirmwareMaps;
import heap.arena.ArenaHeapProvider;
import heap.dl.DlProvider;
import heap.slab.SlabProvider;
import heap.zone.ZoneProvider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import kernel.api.Kernel;
import kernel.boot.KernelService;
import kernel.boot.ProviderRegistry;
import kernel.config.EtcDirectory;
import kernel.config.SettingsCatalog;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.MetaTypeService;
import physmem.arena.ArenaFramesProvider;
import physmem.bitmap.BitmapProvider;
import physmem.buddy.BuddyProvider;
import physmem.llfree.LlfreeProvider;
import vmem.arena.ArenaProvider;
import vmem.bump.BumpProvider;
import vmem.tree.TreeProvider;

/** A kernel with the shipped providers and all defaults, outside of the framework. */
public final class PlainKernel {
  /** What the distribution ships for trying out. */
  public static final Path SAMPLES = Path.of("..", "launcher", "src", "main", "dist", "samples");

  private static final SimFirmwareMaps MAPS = new SimFirmwareMaps();

  private PlainKernel() {}

  public static Kernel create() {
    return kernel(new ProviderRegistry());
  }

  /** A kernel with every shipped provider, and the same three by default. */
  public static Kernel full() {
    ProviderRegistry registry = new ProviderRegistry();
    registry.addFrames(reference("physmem.llfree", "llfree"), new LlfreeProvider());
    registry.addFrames(reference("physmem.bitmap", "bitmap"), new BitmapProvider());
    registry.addFrames(reference("physmem.arena", "arena"), new ArenaFramesProvider());
    registry.addAddresses(reference("vmem.tree", "tree"), new TreeProvider());
    registry.addAddresses(reference("vmem.bump", "bump"), new BumpProvider());
    registry.addHeaps(reference("heap.slab", "slab"), new SlabProvider());
    registry.addHeaps(reference("heap.zone", "zone"), new ZoneProvider());
    registry.addHeaps(reference("heap.arena", "arena"), new ArenaHeapProvider());
    return kernel(registry);
  }

  /** Reads maps. */
  public static SimFirmwareMaps maps() {
    return MAPS;
  }

  private static Kernel kernel(ProviderRegistry registry) {
    BundleContext context = answering(BundleContext.class, "getBundles", new Bundle[0]);
    ConfigurationAdmin admin = answering(ConfigurationAdmin.class, "none", "");
    MetaTypeService metatypes = answering(MetaTypeService.class, "none", "");
    registry.addFrames(reference("physmem.buddy", "buddy"), new BuddyProvider());
    registry.addAddresses(reference("vmem.arena", "arena"), new ArenaProvider());
    registry.addHeaps(reference("heap.dl", "dl"), new DlProvider());
    return new KernelService(
        context,
        new SimMachineFactory(),
        MAPS,
        registry,
        new SettingsCatalog(context, metatypes, admin),
        new EtcDirectory(context, admin));
  }

  public static FirmwareMap sample(String name) {
    return MAPS.read(SAMPLES.resolve("maps").resolve(name), MapOptions.DEFAULTS);
  }

  public static FirmwareMap ram(long bytes) {
    String line = "BIOS-e820: [mem 0x%016x-0x%016x] usable".formatted(0, bytes - 1);
    return MAPS.read("small", List.of(line), MapOptions.DEFAULTS);
  }

  // A reference to a service of the bundle, under a provider's name.
  @SuppressWarnings("unchecked")
  private static <P> ServiceReference<P> reference(String bundle, String name) {
    Bundle from =
        proxy(
            Bundle.class,
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "getVersion" -> Version.emptyVersion;
                  case "getBundleId", "getLastModified" -> 1L;
                  default -> bundle;
                });
    return (ServiceReference<P>)
        proxy(
            ServiceReference.class,
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "getBundle" -> from;
                  case "getProperty" -> arguments[0].equals(AllocatorProvider.NAME) ? name : null;
                  default -> System.identityHashCode(self);
                });
  }

  private static <T> T answering(Class<T> type, String name, Object answer) {
    return proxy(type, (self, method, arguments) -> method.getName().equals(name) ? answer : null);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(PlainKernel.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
