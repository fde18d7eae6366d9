package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import allocator.api.Tier;
import allocator.api.TierVacantException;
import heap.api.HeapPort;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kernel.api.BootedSystem;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapForm;
import kernel.api.SwapRecord;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import physmem.api.FramePort;
import vmem.api.AddressArena;
import vmem.api.FitPolicy;
import workbench.load.Load;

/** Providers whose bundles are stopped, updated, uninstalled and refreshed while they serve. */
public class DepartureIT extends UnderLoad {
  private static final long REFRESH_SECONDS = 60;
  private static final int ROUNDS = 200;
  private static final long BLOCK = 5000;

  /** What is done to a bundle. */
  private interface Deed {
    void to(Bundle bundle) throws Exception;
  }

  /** What must hold of a provider after it was done. */
  private interface Aftermath {
    void of(BootedSystem system, ProviderInfo provider);
  }

  // For each provider of each tier that has others.
  private void eachWhileItServes(Deed deed, Aftermath aftermath) throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      for (Tier tier : Tier.values()) {
        List<String> names = names(tier);
        for (String name : names.size() > 1 ? names : List.<String>of()) {
          serve(system, tier, name);
          progress(load);
          ProviderInfo provider = provider(tier, name);
          deed.to(bundle(provider.bundle()));
          await(name + " to be back", () -> names(tier).contains(name));
          aftermath.of(system, provider);
          progress(load);
          good(system);
        }
      }
      finish(system, load);
      system.swaps().forEach(UnderLoad::done);
    }
  }

  private static SwapRecord lastOf(BootedSystem system, SwapCause cause) {
    List<SwapRecord> some =
        system.swaps().stream().filter(record -> record.cause() == cause).toList();
    assertFalse(system.swaps().toString(), some.isEmpty());
    return some.getLast();
  }

  private static void isReplaced(BootedSystem system, ProviderInfo provider) {
    assertNotEquals(provider.name(), serving(system, provider.tier()));
    SwapRecord record = lastOf(system, SwapCause.DEPARTURE);
    assertTrue(record.toString(), record.from().startsWith(provider.name()));
    assertTrue(record.toString(), record.who().contains(provider.bundle()));
  }

  private static void isBack(BootedSystem system, ProviderInfo provider) {
    await(
        provider.name() + " to serve again",
        () -> serving(system, provider.tier()).equals(provider.name()));
    assertTrue(lastOf(system, SwapCause.ARRIVAL).to().startsWith(provider.name()));
  }

  @Test
  public void shouldReplaceAProviderThatIsStopped() throws Exception {
    eachWhileItServes(
        bundle -> {
          bundle.stop();
          bundle.start();
        },
        DepartureIT::isReplaced);
  }

  @Test
  public void shouldHaveAnUpdatedProviderServeAgain() throws Exception {
    eachWhileItServes(Bundle::update, DepartureIT::isBack);
  }

  @Test
  public void shouldReplaceAProviderThatIsUninstalledAndListItWhenItIsInstalledAgain()
      throws Exception {
    eachWhileItServes(this::reinstall, DepartureIT::isReplaced);
  }

  private void reinstall(Bundle bundle) throws BundleException {
    String location = bundle.getLocation();
    bundle.uninstall();
    context().installBundle(location).start();
  }

  @Test
  public void shouldReplaceAProviderThatIsRefreshed() throws Exception {
    eachWhileItServes(this::refresh, DepartureIT::isReplaced);
  }

  private void refresh(Bundle bundle) throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    FrameworkListener listener = event -> refreshed.countDown();
    context().getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), listener);
    assertTrue(refreshed.await(REFRESH_SECONDS, TimeUnit.SECONDS));
  }

  // ------------------------------------------------------------------------------ vacant tiers

  private List<Bundle> bundles(Tier tier) {
    List<Bundle> bundles = new ArrayList<>();
    kernel().providers(tier).forEach(info -> bundles.add(bundle(info.bundle())));
    return bundles;
  }

  private static void stop(List<Bundle> bundles) throws BundleException {
    for (Bundle bundle : bundles) {
      bundle.stop();
    }
  }

  private static void start(List<Bundle> bundles) throws BundleException {
    for (Bundle bundle : bundles) {
      bundle.start();
    }
  }

  @Test
  public void shouldLetCallersWaitUntilAProviderComes() throws Exception {
    for (Tier tier : Tier.values()) {
      List<Bundle> bundles = bundles(tier);
      try (BootedSystem system = boot("kernel:vacant.wait=60000");
          Load load = load(system)) {
        stop(bundles);
        // Whoever waits for a lower tier is inside of the heap, so nothing can be counted now.
        assertEquals(SwapForm.PARK, system.swaps().getLast().form());
        start(bundles);
        assertEquals(SwapForm.UNPARK, lastOf(system, SwapCause.ARRIVAL).form());
        assertEquals("active", status(system, tier).state());
        finish(system, load);
      } finally {
        start(bundles);
      }
    }
  }

  @Test
  public void shouldTellCallersThatAHeapIsVacantAndKeepTheirBlocks() throws Exception {
    List<Bundle> bundles = bundles(Tier.HEAP);
    try (BootedSystem system = boot("kernel:vacant.wait=100");
        HeapPort port = system.heap().open(0)) {
      long block = port.allocate(BLOCK);
      system.heap().window().fill(block, BLOCK, (byte) 42);
      stop(bundles);
      assertEquals("vacant", status(system, Tier.HEAP).state());
      good(system);
      assertThrows(TierVacantException.class, () -> port.allocate(BLOCK));
      start(bundles);
      long other = port.allocate(BLOCK);
      assertNotEquals(0, other);
      for (long at = 0; at < BLOCK; at++) {
        assertEquals(42, system.heap().window().getByte(block + at));
      }
      port.free(block);
      port.free(other);
      good(system);
      assertTrue(system.closeTiers().home());
    } finally {
      start(bundles);
    }
  }

  @Test
  public void shouldTellCallersThatFramesAreVacant() throws Exception {
    List<Bundle> bundles = bundles(Tier.PHYSMEM);
    try (BootedSystem system = boot("kernel:vacant.wait=100");
        FramePort port = system.frames().open(0)) {
      long frame = port.allocate(0, 0);
      stop(bundles);
      assertThrows(TierVacantException.class, () -> port.allocate(0, 0));
      start(bundles);
      assertNotEquals(frame, port.allocate(0, 0));
      good(system);
    } finally {
      start(bundles);
    }
  }

  @Test
  public void shouldTellCallersThatAddressesAreVacant() throws Exception {
    List<Bundle> bundles = bundles(Tier.VMEM);
    try (BootedSystem system = boot("kernel:vacant.wait=100")) {
      AddressArena arena = system.addresses().arenas().getFirst();
      long base = arena.allocate(0, BLOCK, FitPolicy.INSTANT);
      stop(bundles);
      assertThrows(TierVacantException.class, () -> arena.allocate(0, BLOCK, FitPolicy.INSTANT));
      start(bundles);
      assertNotEquals(base, arena.allocate(0, BLOCK, FitPolicy.INSTANT));
      arena.free(0, base, BLOCK);
      good(system);
    } finally {
      start(bundles);
    }
  }

  // ----------------------------------------------------------------------------- class loaders

  @Test
  public void shouldLetGoOfTheClassesOfAnUninstalledProvider() throws Exception {
    String location = bundle("heap.slab").getLocation();
    try (BootedSystem system = boot();
        Load load = load(system)) {
      serve(system, Tier.HEAP, "slab");
      progress(load);
      serve(system, Tier.HEAP, "dl");
      WeakReference<ClassLoader> classes = uninstall("heap.slab");
      for (int round = 0; round < ROUNDS && classes.get() != null; round++) {
        System.gc();
        pause();
      }
      assertEquals("the class loader of heap.slab", null, classes.get());
      finish(system, load);
    } finally {
      context().installBundle(location).start();
    }
  }

  private WeakReference<ClassLoader> uninstall(String name) throws Exception {
    Bundle bundle = bundle(name);
    WeakReference<ClassLoader> classes =
        new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    bundle.uninstall();
    refresh(bundle);
    return classes;
  }
}
