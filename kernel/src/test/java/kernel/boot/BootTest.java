package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.BadSettingException;
import allocator.api.MisuseException;
import allocator.api.Settings;
import allocator.api.Tier;
import hardware.api.AddressSpace;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapPort;
import heap.api.HeapProvider;
import heap.dl.DlProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kernel.api.BootException;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.FrameUsage;
import kernel.api.ProviderFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameProvider;
import physmem.buddy.BuddyProvider;

final class BootTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  private final PlainKernel plain = new PlainKernel();

  private BootedSystem boot(FirmwareMap map, String... settings) {
    return plain.kernel.boot(new BootSpec(map, true, Map.of(), List.of(settings)));
  }

  private static String failure(Class<? extends RuntimeException> type, Runnable action) {
    return String.valueOf(assertThrows(type, action::run).getMessage());
  }

  // Uses the heap, checks everything, ends the tiers, and expects every frame home.
  private static void prove(BootedSystem system) {
    List<Long> blocks = new ArrayList<>();
    try (HeapPort port = system.heap().open(0)) {
      for (int i = 1; i <= 60; i++) {
        long block = port.allocate(i * 100L);
        assertNotEquals(0, block);
        system.heap().window().putLong(block, block);
        long physical = system.kernelSpace().translate(block);
        assertEquals(block, system.machine().memory().window().getLong(physical));
        blocks.add(block);
      }
      allGood(system);
      blocks.forEach(port::free);
    }
    allGood(system);
    assertTrue(system.closeTiers().home(), system.frameUsage().toString());
    allGood(system);
  }

  private static void allGood(BootedSystem system) {
    for (CheckLine line : system.check()) {
      assertTrue(line.good(), line.toString());
    }
    FrameUsage usage = system.frameUsage();
    assertEquals(
        usage.present(),
        usage.kernel() + usage.free() + usage.tables() + usage.backing() + usage.other());
  }

  @Test
  void shouldBootASmallMachine() {
    try (BootedSystem system = boot(PlainKernel.map(0, MIB))) {
      prove(system);
    }
  }

  @Test
  void shouldBootARaggedMap() {
    long[] bounds = new long[200];
    for (int i = 0; i < bounds.length; i += 2) {
      bounds[i] = 3 * MIB + i * 77_777L;
      bounds[i + 1] = bounds[i] + 20_000 + i * 300L;
    }
    try (BootedSystem system = boot(PlainKernel.map(bounds))) {
      assertTrue(system.machine().map().usable().size() > 80);
      prove(system);
    }
  }

  @Test
  void shouldBootAMachineOfSeveralNodes() {
    List<String> lines =
        List.of(
            "BIOS-e820: [mem 0x0000000000001000-0x000000000009efff] usable",
            "BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable",
            "BIOS-e820: [mem 0x0000000100000000-0x000000027fffffff] usable",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7fffffff]",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x100000000-0x17fffffff]",
            "ACPI: SRAT: Node 1 PXM 1 [mem 0x180000000-0x27fffffff]");
    try (BootedSystem system = boot(PlainKernel.MAPS.read("numa", lines, MapOptions.DEFAULTS))) {
      assertEquals(
          2, system.frames().zones().stream().mapToInt(zone -> zone.node()).distinct().count());
      prove(system);
    }
  }

  @Test
  void shouldBootFourTebibytes() {
    try (BootedSystem system =
        boot(PlainKernel.map(0, 640 << 10, MIB, 2 * GIB, 4 * GIB, 4 * TIB))) {
      assertTrue(system.machine().memory().hostBytes() < 96 * MIB); // 64 of them made ready
      assertEquals(
          4 * TIB - 4096, // the last page through the linear map
          system
              .kernelSpace()
              .translate(system.kernelSpace().kernelBase() + KernelLayout.LINEAR + 4 * TIB - 4096));
      prove(system);
    }
  }

  @Test
  void shouldBootSixtyThreeGibibytesSpreadOverTwentyFiveTebibytes() {
    long[] bounds = new long[32];
    for (int i = 0; i < bounds.length; i += 2) {
      bounds[i] = i / 2 * (25 * TIB / 16);
      bounds[i + 1] = bounds[i] + 4 * GIB - 4096;
    }
    try (BootedSystem system = boot(PlainKernel.map(bounds))) {
      prove(system);
    }
  }

  @Test
  void shouldSayWhatToDoAboutRamBeyondWhatTheHostCanShow() {
    FirmwareMap map = PlainKernel.map(0, GIB, 70 * TIB, 70 * TIB + GIB);
    String message = failure(AllocatorException.class, () -> boot(map));
    assertTrue(message.contains("use a map with less RAM"), message);
  }

  @Test
  void shouldBootWithoutALinearMap() {
    try (BootedSystem system = boot(PlainKernel.map(0, GIB), "kernel:direct.map=off")) {
      assertEquals(1, system.tableFrames());
      prove(system);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 32, 64})
  void shouldBootOrSayThatThereIsTooLittleRam(int frames) {
    for (long start : new long[] {0, 4096, 64 * MIB}) {
      try (BootedSystem system = boot(PlainKernel.map(start, start + frames * 4096L))) {
        allGood(system);
        try (HeapPort port = system.heap().open(0)) {
          long block = port.allocate(10);
          allGood(system);
          if (block != 0) {
            port.free(block);
          }
        }
        assertTrue(system.closeTiers().home());
      } catch (BootException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("use a map with more"), e.getMessage());
        assertTrue(frames < 16, frames + " frames: " + e.getMessage());
      }
    }
  }

  @Test
  void shouldRefuseAMapWithoutUsableRam() {
    FirmwareMap map =
        PlainKernel.MAPS.read(
            "none",
            List.of("BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] reserved"),
            MapOptions.DEFAULTS);
    String message = failure(BootException.class, () -> boot(map));
    assertTrue(message.startsWith("none has no usable RAM"), message);
  }

  @Test
  void shouldListTheProvidersWhenOneIsUnknown() {
    plain.heaps("other", 5, new DlProvider());
    BootSpec spec =
        new BootSpec(PlainKernel.map(0, 4 * MIB), true, Map.of(Tier.HEAP, "slab"), List.of());
    String message = failure(BootException.class, () -> plain.kernel.boot(spec));
    assertEquals("no heap provider is named slab; present are other, dl", message);
  }

  @Test
  void shouldTakeTheConfiguredProviderAndTheOneWithTheHighestRankingWhereNoneIsConfigured() {
    plain.heaps("other", 5, new DlProvider());
    FirmwareMap map = PlainKernel.map(0, 4 * MIB);
    try (BootedSystem system = boot(map)) {
      assertEquals("dl", system.heap().provider());
    }
    plain.etc.put("kernel", Map.of("heap", ""));
    try (BootedSystem system = boot(map)) {
      assertEquals("other", system.heap().provider());
    }
    try (BootedSystem system = boot(map, "kernel:heap=dl")) {
      assertEquals("dl", system.tiers().getLast().provider());
      assertEquals("1.2.3", system.tiers().getLast().version());
    }
  }

  @Test
  void shouldRefuseSettingsBeforeAnythingBoots() {
    FirmwareMap map = PlainKernel.map(0, 4 * MIB);
    failure(BadSettingException.class, () -> boot(map, "kernel:colour=blue"));
    failure(BadSettingException.class, () -> boot(map, "kernel:cluster.order=7"));
    failure(BadSettingException.class, () -> boot(map, "kernel:heap.window=12K"));
    failure(BadSettingException.class, () -> boot(map, "heap.dl:mode=wild"));
    failure(BadSettingException.class, () -> boot(map, "machine:cpus=-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4K", "8K", "64K", "1G", "1T"})
  void shouldServeFromAWindowOfAnySize(String bytes) {
    try (BootedSystem system = boot(PlainKernel.map(0, 4 * MIB), "kernel:heap.window=" + bytes);
        HeapPort port = system.heap().open(0)) {
      boolean room = !bytes.endsWith("K"); // the heap begins at a multiple of 2 MiB with its growth
      long block = port.allocate(100);
      assertTrue(!room || block != 0);
      allGood(system);
    }
  }

  @Test
  void shouldCloseEnginesAndMachineWhenALaterStepFails() {
    List<String> closed = new ArrayList<>();
    AtomicReference<Path> file = new AtomicReference<>();
    plain.frames("watched", 9, new Watched(closed, file));
    plain.heaps("broken", 9, new Broken());
    BootSpec spec =
        new BootSpec(
            PlainKernel.map(0, 4 * MIB),
            true,
            Map.of(Tier.HEAP, "broken", Tier.PHYSMEM, "watched"),
            List.of());
    String message = failure(ProviderFailedException.class, () -> plain.kernel.boot(spec));
    assertTrue(
        message.startsWith(
            "heap provider broken of bundle heap.broken 1.2.3: open threw"
                + " java.lang.IllegalStateException: broken on purpose at"
                + " kernel.boot.BootTest$Broken.open(BootTest.java:"),
        message);
    assertEquals(List.of("physmem"), closed);
  }

  private record Broken() implements HeapProvider {
    @Override
    public String model() {
      return "a provider that fails";
    }

    @Override
    public HeapEngine open(HeapContext context, Settings settings) {
      throw new IllegalStateException("broken on purpose");
    }
  }

  private record Watched(List<String> closed, AtomicReference<Path> file) implements FrameProvider {
    @Override
    public String model() {
      return "a provider that tells";
    }

    @Override
    public physmem.api.FrameEngine open(physmem.api.FrameContext context, Settings settings) {
      physmem.api.FrameEngine real =
          new BuddyProvider().open(context, Settings.none("physmem.buddy"));
      return PlainKernel.proxy(
          physmem.api.FrameEngine.class,
          (self, method, arguments) -> {
            if (method.getName().equals("close")) {
              closed.add("physmem");
            }
            return method.invoke(real, arguments);
          });
    }
  }

  @Test
  void shouldKeepTwoSystemsApart() {
    try (BootedSystem one = boot(PlainKernel.map(0, 8 * MIB));
        BootedSystem two = boot(PlainKernel.map(0, 8 * MIB));
        HeapPort first = one.heap().open(0);
        HeapPort second = two.heap().open(0)) {
      long a = first.allocate(64);
      long b = second.allocate(64);
      assertEquals(a, b, "the same machine and the same calls");
      one.heap().window().putLong(a, 1);
      two.heap().window().putLong(b, 2);
      assertEquals(1, one.heap().window().getLong(a));
      assertNotEquals(one.machine().memory().file(), two.machine().memory().file());
      allGood(one);
      allGood(two);
    }
  }

  @Test
  void shouldReplaceTheRunningSystemAndItsServices() {
    BootSpec spec = BootSpec.of(PlainKernel.map(0, 4 * MIB));
    BootedSystem one = plain.kernel.start(spec);
    Path ram = one.machine().memory().file();
    assertSame(one, plain.kernel.running().orElseThrow());
    BootedSystem two = plain.kernel.start(spec);
    assertNotSame(one, two);
    assertSame(two, plain.kernel.running().orElseThrow());
    assertFalse(Files.exists(ram), "the first machine is off");
    assertEquals(3, plain.registered.size());
    plain.kernel.stop();
    assertEquals(List.of(), plain.registered);
    assertTrue(plain.kernel.running().isEmpty());
  }

  @Test
  void shouldKeepTheRunningSystemWhenTheNextDoesNotBoot() {
    BootedSystem one = plain.kernel.start(BootSpec.of(PlainKernel.map(0, 4 * MIB)));
    assertThrows(
        BootException.class, () -> plain.kernel.start(BootSpec.of(PlainKernel.map(0, 4096))));
    assertSame(one, plain.kernel.running().orElseThrow());
    allGood(one);
    plain.kernel.stop();
  }

  @Test
  void shouldShowEndedTiersAsClosed() {
    BootedSystem system = boot(PlainKernel.map(0, 4 * MIB));
    system.closeTiers();
    assertEquals(List.of("active", "active", "closed"), states(system));
    system.close();
    system.close();
    assertEquals(List.of("closed", "closed", "closed"), states(system));
  }

  private static List<String> states(BootedSystem system) {
    return system.tiers().stream().map(tier -> tier.state()).toList();
  }

  @Test
  void shouldMakeRamReadyAndLeaveItFree() {
    try (BootedSystem system = boot(PlainKernel.map(0, 64 * MIB), "kernel:ready.bytes=8M")) {
      assertTrue(system.machine().memory().hostBytes() >= 8 * MIB);
      assertEquals(0, system.frameUsage().backing());
      prove(system);
    }
  }

  @Test
  void shouldTellEveryStepInTheBootLog() {
    try (BootedSystem system = boot(PlainKernel.map(0, 4 * MIB))) {
      List<String> steps = system.bootLog().stream().map(line -> line.split(" ")[0]).toList();
      assertEquals(
          List.of(
              "machine",
              "early",
              "tables",
              "physmem",
              "hand-over",
              "vmem",
              "arenas",
              "heap",
              "ready"),
          steps);
    }
  }

  @Test
  void shouldMapAllRamLinearlyUnlessToldOtherwise() {
    FirmwareMap map = PlainKernel.map(0, 64 << 10, MIB, 9 * MIB);
    try (BootedSystem system = boot(map)) {
      AddressSpace space = system.kernelSpace();
      long linear = space.kernelBase() + KernelLayout.LINEAR;
      assertEquals(5 * MIB + 123, space.translate(linear + 5 * MIB + 123));
      assertEquals(AddressSpace.UNMAPPED, space.translate(linear + (100 << 10)));
      assertEquals(AddressSpace.UNMAPPED, space.translate(linear + 9 * MIB));
    }
    try (BootedSystem system = boot(map, "kernel:direct.map=off")) {
      AddressSpace space = system.kernelSpace();
      long linear = space.kernelBase() + KernelLayout.LINEAR;
      assertEquals(AddressSpace.UNMAPPED, space.translate(linear + 5 * MIB));
    }
  }

  @Test
  void shouldRefuseATaskOfANameThatLives() {
    try (BootedSystem system = boot(PlainKernel.map(0, 4 * MIB))) {
      system.createTask("a");
      assertThrows(MisuseException.class, () -> system.createTask("a"));
      assertEquals(1, system.tasks().size());
    }
  }
}
