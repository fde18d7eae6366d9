package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.Tier;
import hardware.api.map.FirmwareMap;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapOptions;
import heap.api.Heap;
import heap.api.HeapPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import javax.inject.Inject;
import kernel.api.BootException;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.Kernel;
import kernel.api.ProviderInfo;
import kernel.api.SettingInfo;
import org.junit.Test;
import org.ops4j.pax.exam.util.Filter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import workbench.ReplayOutcome;
import workbench.ReplayRequest;
import workbench.TraceReplay;
import workbench.Warmup;

/** Three tiers wired by Declarative Services, from a shipped map to a replayed trace. */
public class StackIT extends InFelix {
  @Inject private BundleContext context;
  @Inject private Kernel kernel;
  @Inject private FirmwareMaps maps;

  @Inject
  @Filter("(quarry.main=true)")
  @SuppressWarnings("rawtypes") // a service has no type arguments
  private ToIntFunction main;

  private Path sample(String kind, String name) {
    return Path.of(context.getProperty("quarry.home"), "samples", kind, name);
  }

  private BootSpec spec(String map, Map<Tier, String> providers, String... settings) {
    FirmwareMap read = maps.read(sample("maps", map), MapOptions.DEFAULTS);
    return new BootSpec(read, true, providers, List.of(settings));
  }

  @Test
  public void shouldReplayARealTraceThroughThreeTiers() throws Exception {
    for (String map : List.of("qemu-pc-512m.txt", "server-64g-numa.txt")) {
      ReplayOutcome outcome =
          new TraceReplay(kernel)
              .run(
                  new ReplayRequest(
                      sample("traces", "sqlite3-words.trace.gz"),
                      Optional.empty(),
                      spec(map, Map.of(Tier.HEAP, "dl")),
                      Warmup.NONE,
                      true,
                      false,
                      Optional.empty(),
                      (position, total) -> {}));
      assertTrue(outcome.toString(), outcome.good());
      assertEquals(96_164, outcome.report().result().operations());
      assertTrue(outcome.end().home());
    }
  }

  @Test
  public void shouldServeTheRunningSystemsSlotsAsServices() {
    try (BootedSystem system = kernel.start(spec("qemu-pc-512m.txt", Map.of()))) {
      ServiceReference<Heap> reference = context.getServiceReference(Heap.class);
      Heap heap = context.getService(reference);
      try (HeapPort port = heap.open(0)) {
        long block = port.allocate(1000);
        assertNotEquals(0, block);
        heap.window().putLong(block, 42);
        long physical = system.kernelSpace().translate(block);
        assertEquals(42, system.machine().memory().window().getLong(physical));
        port.free(block);
      }
      assertTrue(system.check().toString(), system.check().stream().allMatch(CheckLine::good));
    }
  }

  @Test
  public void shouldKeepServingBlocksWhenTheProvidersBundleStops() throws Exception {
    Bundle dl =
        Arrays.stream(context.getBundles())
            .filter(bundle -> "heap.dl".equals(bundle.getSymbolicName()))
            .findFirst()
            .orElseThrow();
    try (BootedSystem system = kernel.boot(spec("qemu-pc-512m.txt", Map.of()));
        HeapPort port = system.heap().open(0)) {
      long before = port.allocate(100);
      dl.stop();
      assertFalse(isPresent("dl"));
      assertNotEquals("dl", system.heap().provider());
      long after = port.allocate(100);
      port.free(before);
      port.free(after);
      assertTrue(system.check().stream().allMatch(CheckLine::good));
      BootSpec withoutHeap = spec("qemu-pc-512m.txt", Map.of(Tier.HEAP, "dl"));
      assertThrows(BootException.class, () -> kernel.boot(withoutHeap));
    } finally {
      dl.start();
    }
    assertTrue(isPresent("dl"));
  }

  private boolean isPresent(String heap) {
    return kernel.providers(Tier.HEAP).stream().anyMatch(info -> info.name().equals(heap));
  }

  @Test
  public void shouldOfferSettingsOfEveryProvider() {
    Set<String> configurable =
        kernel.settings().stream().map(SettingInfo::name).collect(Collectors.toSet());
    for (Tier tier : Tier.values()) {
      for (ProviderInfo provider : kernel.providers(tier)) {
        assertTrue(provider + " of " + configurable, configurable.contains(provider.bundle()));
      }
    }
    BootSpec wrong = spec("qemu-pc-512m.txt", Map.of(Tier.VMEM, "tree"), "vmem.tree:guard=maybe");
    assertThrows(BadSettingException.class, () -> kernel.boot(wrong));
  }

  @Test
  public void shouldRefuseUnknownNamesWithThoseThatAreKnown() {
    BootSpec noProvider = spec("qemu-pc-512m.txt", Map.of(Tier.PHYSMEM, "body"));
    BootException provider = assertThrows(BootException.class, () -> kernel.boot(noProvider));
    assertTrue(provider.toString(), provider.toString().contains("buddy"));
    BootSpec noSetting = spec("qemu-pc-512m.txt", Map.of(), "heap.dl:granularty=4K");
    BadSettingException setting =
        assertThrows(BadSettingException.class, () -> kernel.boot(noSetting));
    assertTrue(setting.toString(), setting.toString().contains("granularity"));
  }

  @Test
  @SuppressWarnings("unchecked") // the service takes the command line
  public void shouldRunTheCommandLineAndReturnItsStatus() throws Exception {
    Path json = Files.createTempFile("quarry", ".json");
    String trace = sample("traces", "python3-threads.trace.gz").toString();
    assertEquals(0, main.applyAsInt(words("replay", "--check", "--json", json.toString(), trace)));
    assertTrue(Files.readString(json), Files.readString(json).contains("\"failures\":0"));
    assertEquals(0, main.applyAsInt(words("exec", "tiers; zones; walk 0xffff800000000000; check")));
    assertEquals(1, main.applyAsInt(words("exec", "tiers; nonsense; check")));
    assertEquals(1, main.applyAsInt(words("replay", "/no/such/trace")));
    assertEquals(2, main.applyAsInt(words("nonsense")));
    Files.delete(json);
  }

  @Test
  @SuppressWarnings("unchecked") // the service takes the command line
  public void shouldReplayTracesOfTheLowerTiersOnEveryProvider() throws Exception {
    String frames = sample("traces", "linux61-boot-256m.frames.trace.gz").toString();
    String ranges = sample("traces", "python3-maps.ranges.trace.gz").toString();
    assertEquals(0, main.applyAsInt(words("replay", "--check", "--physmem", "all", frames)));
    assertEquals(0, main.applyAsInt(words("replay", "--check", "--vmem", "all", ranges)));
    assertEquals(2, main.applyAsInt(words("replay", "--heap", "dl", frames)));
    assertEquals(2, main.applyAsInt(words("replay", "--vmem", "tree", frames)));
    assertEquals(0, main.applyAsInt(words("exec", "replay " + frames + "; replay " + ranges)));
  }

  private static String[] words(String... words) {
    return words;
  }
}
