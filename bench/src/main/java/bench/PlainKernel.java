package bench;

import allocator.api.AllocatorProvider;
import allocator.api.Settings;
import hardware.api.Machine;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.sim.SimMachineFactory;
import hardware.sim.map.SimFirmwareMaps;
import heap.dl.DlProvider;
import heap.slab.SlabProvider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
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

/** The real kernel with every provider that is shipped, all at their defaults, without OSGi. */
final class PlainKernel {
  private static final SimFirmwareMaps MAPS = new SimFirmwareMaps();

  static {
    System.setProperty("slf4j.internal.verbosity", "ERROR"); // nobody listens to logs here
  }

  private PlainKernel() {}

  /** {@return a kernel that has booted nothing yet} */
  static Kernel create() {
    BundleContext context = answering(BundleContext.class, "getBundles", new Bundle[0]);
    ConfigurationAdmin admin = answering(ConfigurationAdmin.class, "none", "");
    MetaTypeService metatypes = answering(MetaTypeService.class, "none", "");
    return new KernelService(
        context,
        new SimMachineFactory(),
        MAPS,
        providers(),
        new SettingsCatalog(context, metatypes, admin),
        new EtcDirectory(context, admin));
  }

  private static ProviderRegistry providers() {
    ProviderRegistry registry = new ProviderRegistry();
    registry.addFrames(reference("physmem.buddy", "buddy"), new BuddyProvider());
    registry.addFrames(reference("physmem.llfree", "llfree"), new LlfreeProvider());
    registry.addFrames(reference("physmem.bitmap", "bitmap"), new BitmapProvider());
    registry.addFrames(reference("physmem.arena", "arena"), new ArenaFramesProvider());
    registry.addAddresses(reference("vmem.arena", "arena"), new ArenaProvider());
    registry.addAddresses(reference("vmem.bump", "bump"), new BumpProvider());
    registry.addHeaps(reference("heap.dl", "dl"), new DlProvider());
    registry.addHeaps(reference("heap.slab", "slab"), new SlabProvider());
    return registry;
  }

  /**
   * {@return a map of so much RAM without a hole}
   *
   * @param bytes how much
   */
  static FirmwareMap ram(long bytes) {
    String line = "BIOS-e820: [mem 0x%016x-0x%016x] usable".formatted(0, bytes - 1);
    return MAPS.read("ram", List.of(line), MapOptions.DEFAULTS);
  }

  /**
   * {@return a machine by itself; the caller closes it}
   *
   * @param bytes its RAM
   */
  static Machine machine(long bytes) {
    return new SimMachineFactory()
        .build(MAPS.sanitise(ram(bytes), MapOptions.DEFAULTS), Settings.none("machine"));
  }

  /** {@return the command of a JVM like this one, up to the name of the class} */
  static List<String> jvm() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(Main.FORK_FLAGS.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /**
   * Exchanges a tier's provider.
   *
   * @throws IllegalStateException if the exchange was called off
   */
  static SwapRecord swap(BootedSystem system, SwapRequest request) {
    SwapRecord record = system.swap(request);
    if (!record.done() || !record.before().equals(record.after())) {
      throw new IllegalStateException("the exchange went wrong: " + record);
    }
    return record;
  }

  @SuppressWarnings("unchecked") // a proxy of the raw type
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
                  case "equals" -> self.hashCode() == arguments[0].hashCode();
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
