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
}
