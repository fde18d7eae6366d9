package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import allocator.api.CensusSummary;
import allocator.api.Tier;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapOptions;
import heap.api.HeapPort;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.Kernel;
import kernel.api.LodgingStatus;
import kernel.api.ProviderInfo;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import kernel.api.TierStatus;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import trace.TraceException;
import workbench.load.Load;
import workbench.load.LoadSpec;
import workbench.load.LoadStatus;

/** What tests have in common that exchange providers while clients verify what they hold. */
public abstract class UnderLoad extends InFelix {
  /** A hang, not a slow machine, takes longer. */
  private static final long PATIENCE_MILLIS = 60_000;

  private static final long STEP_MILLIS = 20;
  private static final long SOME_CALLS = 2000;

  @Inject private BundleContext context;
  @Inject private Kernel kernel;
  @Inject private FirmwareMaps maps;

  /** {@return the context of the test's bundle} */
  final BundleContext context() {
    return context;
  }

  /** {@return the kernel} */
  final Kernel kernel() {
    return kernel;
  }

  /** {@return a small machine with the configured providers} */
  final BootedSystem boot(String... settings) {
    Path map = Path.of(context.getProperty("quarry.home"), "samples", "maps", "qemu-pc-512m.txt");
    return kernel.boot(
        new BootSpec(maps.read(map, MapOptions.DEFAULTS), true, Map.of(), List.of(settings)));
  }

  /** {@return two threads that verify, running} */
  static Load load(BootedSystem system) throws TraceException {
    Load load = Load.start(system, LoadSpec.DEFAULT);
    progress(load);
    return load;
  }

  /** Waits until the load has made some more calls. */
  static void progress(Load load) {
    long from = load.status().sinceStart().operations();
    await("calls of the load", () -> load.status().sinceStart().operations() - from >= SOME_CALLS);
  }

  /** Waits for something that has to come. */
  static void await(String what, BooleanSupplier come) {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!come.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("in vain waited for " + what);
      }
      pause();
    }
  }

  /** Gives others a moment. */
  static void pause() {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** {@return the name of the provider that serves} */
  static String serving(BootedSystem system, Tier tier) {
    return status(system, tier).provider();
  }

  /** {@return the state of a tier} */
  static TierStatus status(BootedSystem system, Tier tier) {
    return system.tiers().stream().filter(each -> each.tier() == tier).findFirst().orElseThrow();
  }

  /** {@return the names of the providers present} */
  final List<String> names(Tier tier) {
    return kernel.providers(tier).stream().map(ProviderInfo::name).distinct().toList();
  }

  /** {@return the provider of a name} */
  final ProviderInfo provider(Tier tier, String name) {
    return kernel.providers(tier).stream()
        .filter(info -> info.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no provider " + name));
  }

  /** {@return the bundle of a symbolic name} */
  final Bundle bundle(String name) {
    return Arrays.stream(context.getBundles())
        .filter(each -> name.equals(each.getSymbolicName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no bundle " + name));
  }

  /** Makes a provider serve, by an exchange that must succeed if one is needed. */
  static void serve(BootedSystem system, Tier tier, String name) {
    if (!serving(system, tier).equals(name)) {
      done(system.swap(SwapRequest.of(tier, name)));
    }
    assertEquals(name, serving(system, tier));
  }

  /** Requires an exchange that lost nothing and has nothing else to say. */
  static void done(SwapRecord record) {
    assertTrue(record.toString(), record.done());
    assertEquals(record.toString(), "", record.message());
    CensusSummary before = record.before();
    CensusSummary after = record.after();
    assertEquals(record.toString(), before.liveCount(), after.liveCount());
    assertEquals(record.toString(), before.liveUnits(), after.liveUnits());
    assertEquals(record.toString(), before.checksum(), after.checksum());
  }

  /** Requires that everything holds. */
  static void good(BootedSystem system) {
    List<CheckLine> lines = system.check();
    assertTrue(lines.toString(), lines.stream().allMatch(CheckLine::good));
  }

  /** Requires that the load saw nothing amiss, that it left nothing, and that all goes home. */
  static void finish(BootedSystem system, Load load) {
    progress(load);
    LoadStatus status = load.stop();
    assertTrue(status.toString(), status.good());
    try (HeapPort port = system.heap().open(0)) {
      port.trim(0);
    }
    good(system);
    assertEquals(0, system.heap().census().liveCount());
    assertEquals(0, system.lodgings().stream().mapToLong(LodgingStatus::blocks).sum());
    assertTrue(system.frameUsage().toString(), system.closeTiers().home());
  }
}
