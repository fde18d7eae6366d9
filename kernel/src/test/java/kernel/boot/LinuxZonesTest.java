package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import physmem.api.FrameFlags;
import physmem.api.FramePort;
import physmem.api.ZoneReport;

/** Boots from logs of Linux, and compares zones with those of the kernels that printed the logs. */
class LinuxZonesTest {
  private static final Pattern ZONE = Pattern.compile("Node (\\d+), zone +(\\w+)");
  private static final Pattern FIGURE = Pattern.compile(" +(spanned|present|start_pfn:) +(\\d+)");

  /** The boots in {@code qemu/} where the system property {@code quarry.corpus} points. */
  @TestFactory
  Stream<DynamicTest> shouldHaveTheKernelsZones() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path boots = Path.of(corpus, "qemu");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(boots), "no quarry.corpus");
    try (Stream<Path> folders = Files.list(boots)) {
      return folders.filter(f -> Files.exists(f.resolve("zoneinfo.txt"))).sorted().toList().stream()
          .map(f -> DynamicTest.dynamicTest(f.toString(), () -> check(f)));
    }
  }

  private static void check(Path folder) throws IOException {
    FirmwareMap map = PlainKernel.MAPS.read(folder.resolve("dmesg.txt"), MapOptions.DEFAULTS);
    try (BootedSystem system = new PlainKernel().kernel.boot(BootSpec.of(map))) {
      List<String> zones = system.frames().zones().stream().map(LinuxZonesTest::show).toList();
      assertEquals(kernel(folder.resolve("zoneinfo.txt")), zones, folder.toString());
      for (CheckLine line : system.check()) {
        assertTrue(line.good(), line.toString());
      }
    }
  }

  private static String show(ZoneReport zone) {
    return "%d %s %d %d %d"
        .formatted(zone.node(), zone.name(), zone.spanned(), zone.present(), zone.start());
  }

  /** The zones of a zoneinfo that span anything: node, name, spanned, present, first frame. */
  private static List<String> kernel(Path zoneinfo) throws IOException {
    List<String> zones = new ArrayList<>();
    String name = "";
    List<String> figures = new ArrayList<>();
    for (String line : Files.readAllLines(zoneinfo)) {
      Matcher zone = ZONE.matcher(line);
      if (zone.find()) {
        name = zone.group(1) + " " + zone.group(2);
        figures.clear();
      }
      Matcher figure = FIGURE.matcher(line);
      if (figure.matches()) {
        figures.add(figure.group(2));
      }
      if (figure.matches() && figure.group(1).equals("start_pfn:")) {
        zones.add(name + " " + String.join(" ", figures));
      }
    }
    return zones;
  }

  @Test
  void shouldPutWhatCanMoveInZoneMovable() {
    List<String> log =
        List.of(
            "Command line: quiet kernelcore=1G",
            "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable",
            "BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable");
    FirmwareMap map = PlainKernel.MAPS.read("log", log, MapOptions.DEFAULTS);
    try (BootedSystem system = new PlainKernel().kernel.boot(BootSpec.of(map));
        FramePort port = system.frames().open(0)) {
      ZoneReport movable = system.frames().zones().getLast();
      assertEquals("Movable", movable.name());
      long start = movable.start();
      assertTrue(port.allocate(0, FrameFlags.MOVABLE) >= start, "movable");
      assertTrue(port.allocate(0, FrameFlags.UNMOVABLE) < start, "unmovable");
      assertTrue(port.allocate(0, FrameFlags.RECLAIMABLE) < start, "reclaimable");
      assertTrue(port.allocate(0, FrameFlags.MOVABLE | FrameFlags.DMA32) < start, "below 4 GiB");
    }
  }

  @Test
  void shouldBootWithAZoneWithoutRamAndNodesInTurns() {
    List<String> log =
        List.of(
            "Command line: quiet movablecore=1G",
            "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable",
            "BIOS-e820: [mem 0x0000000100000000-0x000000023fffffff] usable",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0xffffffff]",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x100000000-0x13fffffff]",
            "ACPI: SRAT: Node 1 PXM 1 [mem 0x140000000-0x1ffffffff]",
            "ACPI: SRAT: Node 0 PXM 0 [mem 0x200000000-0x23fffffff]");
    FirmwareMap map = PlainKernel.MAPS.read("log", log, MapOptions.DEFAULTS);
    try (BootedSystem system = new PlainKernel().kernel.boot(BootSpec.of(map));
        FramePort port = system.frames().open(0)) {
      List<String> zones = system.frames().zones().stream().map(LinuxZonesTest::show).toList();
      assertEquals("0 DMA 4095 159 1", zones.getFirst());
      assertEquals("0 DMA32 1044480 0 4096", zones.get(1));
      // A share of 524,367 frames each: node 0 is left 80, less than a block of the largest order.
      assertEquals("0 Normal 1310720 524288 1048576", zones.get(2));
      assertEquals("1 Normal 525312 525312 1310720", zones.get(3));
      assertEquals("1 Movable 261120 261120 1836032", zones.getLast());
      for (int order = 0; order <= 10; order++) {
        port.free(port.allocate(order, FrameFlags.MOVABLE), order);
      }
      assertEquals(-1, port.allocate(0, FrameFlags.DMA), "the first MiB is the kernel's");
      system.check().forEach(line -> assertTrue(line.good(), line.toString()));
    }
  }
}
