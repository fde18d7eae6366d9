package physmem.buddy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;

/** Compares the reports with those of Linux 6.1, figures apart. */
class ProcFilesTest {
  private static final Pattern ZONE = Pattern.compile("Node (\\d+), zone +(\\w+)");
  private static final Pattern FIGURE = Pattern.compile(" +(spanned|present|start_pfn:) +(\\d+)");

  /** A column of a table is as wide as its number or its padding. */
  private static String columns(String line) {
    Matcher m = Pattern.compile(" *\\d+").matcher(line);
    return m.replaceAll(number -> "<" + number.group().length() + ">");
  }

  private static String numbers(String line) {
    return line.replaceAll("\\d+", "N");
  }

  private static List<FrameZone> pc() {
    return List.of(
        new FrameZone(0, "DMA", 1, 4095),
        new FrameZone(0, "DMA32", 4096, 28_640),
        new FrameZone(0, "Normal", 0, 0),
        new FrameZone(0, "Movable", 0, 0),
        new FrameZone(0, "Device", 0, 0));
  }

  private static BuddyFrames open(int cpus, List<FrameZone> zones) {
    List<FrameSpan> ram =
        zones.stream()
            .filter(zone -> zone.frames() > 0)
            .map(zone -> new FrameSpan(zone.start(), zone.frames(), zone.node()))
            .toList();
    return new TestRam(cpus, ram, ram, 1, zones).open();
  }

  @Test
  void shouldPrintZoneinfoAsTheKernelDoes() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(getClass().getResourceAsStream("zoneinfo-layout.txt"));
        BuddyFrames engine = open(1, pc())) {
      List<String> expected =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      List<String> lines = engine.report("zoneinfo").stream().map(ProcFilesTest::numbers).toList();
      assertEquals(String.join("\n", expected), String.join("\n", lines));
    }
  }

  @Test
  void shouldPrintTheFiguresOfTheZones() {
    try (BuddyFrames engine = open(1, pc())) {
      long frame = engine.allocate(0, 4, FrameFlags.UNMOVABLE);
      List<String> zoneinfo = engine.report("zoneinfo");
      assertTrue(zoneinfo.contains("        spanned  28640"), zoneinfo.toString());
      assertTrue(zoneinfo.contains("      nr_free_pages " + (28_640 - 16)), zoneinfo.toString());
      assertTrue(zoneinfo.contains("        protection: (0, 111, 111, 111, 111)"));
      assertTrue(zoneinfo.contains("  start_pfn:           4096"));
      List<String> buddyinfo = engine.report("buddyinfo");
      assertEquals(
          "Node 0, zone    DMA32      0      0      0      0      1      2      2      2      2"
              + "      2     26 ",
          buddyinfo.getLast());
      engine.free(0, frame, 4);
      assertEquals(
          "Node    0, zone      DMA, type      Movable      1      1      1      1      1      1"
              + "      1      1      1      1      3 ",
          engine.report("pagetypeinfo").get(5));
    }
  }

  @Test
  void shouldRefuseAnUnknownReport() {
    try (BuddyFrames engine = open(1, pc())) {
      assertEquals(List.of("buddyinfo", "zoneinfo", "pagetypeinfo"), engine.reports());
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> engine.report("slabinfo"))
                  .getMessage());
      assertTrue(message.contains("pagetypeinfo"), message);
    }
  }

  @TestFactory
  Stream<DynamicTest> shouldHaveTheFormOfTheCorpus() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path boots = Path.of(corpus, "qemu");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(boots), "no quarry.corpus");
    try (Stream<Path> folders = Files.list(boots)) {
      return folders.filter(ProcFilesTest::isPc).sorted().toList().stream()
          .map(f -> DynamicTest.dynamicTest(f.toString(), () -> compare(f)));
    }
  }

  /** Kernels of other architectures and versions have other counters. */
  private static boolean isPc(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return !name.startsWith("arm64") && !name.startsWith("riscv64");
  }

  private static void compare(Path folder) throws IOException {
    List<String> zoneinfo = Files.readAllLines(folder.resolve("zoneinfo.txt"));
    int cpus = zoneinfo.stream().anyMatch(line -> line.equals("    cpu: 1")) ? 2 : 1;
    try (BuddyFrames engine = open(cpus, zones(zoneinfo))) {
      assertEquals(
          String.join("\n", zoneinfo.stream().map(ProcFilesTest::numbers).toList()),
          String.join(
              "\n", engine.report("zoneinfo").stream().map(ProcFilesTest::numbers).toList()));
      for (String table : List.of("buddyinfo", "pagetypeinfo")) {
        List<String> kernel = Files.readAllLines(folder.resolve(table + ".txt"));
        assertEquals(
            String.join("\n", kernel.stream().map(ProcFilesTest::columns).toList()),
            String.join("\n", engine.report(table).stream().map(ProcFilesTest::columns).toList()));
      }
    }
  }

  private static List<FrameZone> zones(List<String> zoneinfo) {
    List<FrameZone> zones = new ArrayList<>();
    long spanned = 0;
    for (String line : zoneinfo) {
      Matcher zone = ZONE.matcher(line);
      if (zone.find()) {
        zones.add(new FrameZone(Integer.parseInt(zone.group(1)), zone.group(2), 0, 0));
      }
      Matcher figure = FIGURE.matcher(line);
      if (figure.matches()) {
        long value = Long.parseLong(figure.group(2));
        if (figure.group(1).equals("spanned")) {
          spanned = value;
        } else if (figure.group(1).equals("start_pfn:")) {
          FrameZone last = zones.removeLast();
          zones.add(new FrameZone(last.node(), last.name(), value, spanned));
        }
      }
    }
    return zones;
  }
}
