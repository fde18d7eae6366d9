package physmem.buddy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import physmem.api.FrameSpan;
import physmem.api.FrameZone;
import physmem.api.ZoneReport;

/**
 * Compares watermarks, reserves and the size of per-CPU lists with what kernels made of the same
 * managed frames. They computed them before they gave their initial code and the initial RAM disk
 * back, so the log's "Freeing" lines are taken off what {@code zoneinfo} says is managed.
 */
class TuningCorpusTest {
  private static final Pattern ZONE = Pattern.compile("Node (\\d+), zone +(\\w+)");
  private static final Pattern FIGURE =
      Pattern.compile(
          " +(?:pages )?(min|low|high|managed|start_pfn:|high:|batch:|spanned) +(\\d+)|"
              + " +(protection): \\((.*)\\)");
  private static final Pattern FREED =
      Pattern.compile("Freeing (unused .*|initrd) memory: (\\d+)K");
  private static final Pattern RAM_DISK = Pattern.compile("RAMDISK: \\[mem 0x(\\w+)-");

  /** A zone of a kernel: its figures by name. */
  private record Seen(int node, String name, Map<String, String> figures) {
    long figure(String name) {
      return Long.parseLong(figures.getOrDefault(name, "0"));
    }

    boolean spans(long frame) {
      return frame >= figure("start_pfn:") && frame < figure("start_pfn:") + figure("spanned");
    }
  }

  @TestFactory
  Stream<DynamicTest> shouldComputeAsTheKernelDid() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path boots = Path.of(corpus, "qemu");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(boots), "no quarry.corpus");
    try (Stream<Path> folders = Files.list(boots)) {
      return folders.filter(TuningCorpusTest::isPc).sorted().toList().stream()
          .map(f -> DynamicTest.dynamicTest(f.toString(), () -> compare(f)));
    }
  }

  private static boolean isPc(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return !name.startsWith("arm64") && !name.startsWith("riscv64");
  }

  private static void compare(Path folder) throws IOException {
    List<String> log = Files.readAllLines(folder.resolve("dmesg.txt"));
    List<String> zoneinfo = Files.readAllLines(folder.resolve("zoneinfo.txt"));
    List<Seen> zones = seen(zoneinfo);
    List<FrameZone> layout =
        zones.stream()
            .map(
                z -> new FrameZone(z.node(), z.name(), z.figure("start_pfn:"), z.figure("spanned")))
            .toList();
    List<FrameSpan> ram = new ArrayList<>();
    for (Seen zone : zones) {
      long then = zone.figure("managed") - freedLater(zone, log);
      if (then > 0) {
        ram.add(new FrameSpan(zone.figure("start_pfn:"), then, zone.node()));
      }
    }
    int cpus = zoneinfo.contains("    cpu: 1") ? 2 : 1;
    try (BuddyFrames engine = new TestRam(cpus, ram, ram, 1, layout).open("khugepaged", "on")) {
      assertEquals(show(zones), engine.zones().stream().map(TuningCorpusTest::show).toList());
    }
  }

  private static long freedLater(Seen zone, List<String> log) {
    long frames = 0;
    long disk = 0;
    for (String line : log) {
      Matcher at = RAM_DISK.matcher(line);
      if (at.find()) { // the last of them, if it was moved
        disk = Long.parseLong(at.group(1), 16) / 4096;
      }
      Matcher freed = FREED.matcher(line);
      if (freed.find()) {
        boolean here =
            freed.group(1).equals("initrd")
                ? zone.spans(disk)
                : zone.node() == 0 && zone.name().equals("DMA32");
        frames += here ? Long.parseLong(freed.group(2)) / 4 : 0;
      }
    }
    return frames;
  }

  private static List<Seen> seen(List<String> zoneinfo) {
    List<Seen> zones = new ArrayList<>();
    for (String line : zoneinfo) {
      Matcher zone = ZONE.matcher(line);
      if (zone.find()) {
        zones.add(new Seen(Integer.parseInt(zone.group(1)), zone.group(2), new TreeMap<>()));
      }
      Matcher figure = FIGURE.matcher(line);
      if (figure.matches() && figure.group(1) != null) {
        zones.getLast().figures().put(figure.group(1), figure.group(2));
      } else if (figure.matches()) {
        zones.getLast().figures().put("protection", figure.group(4));
      }
    }
    return zones;
  }

  /** The last column is zone Device's, which no frame here belongs to. */
  private static List<String> show(List<Seen> zones) {
    return zones.stream()
        .filter(zone -> zone.figure("managed") > 0)
        .map(z ->
            "%d %s min %d low %d high %d protection %s pcp high %d batch %d"
                .formatted(
                    z.node(),
                    z.name(),
                    z.figure("min"),
                    z.figure("low"),
                    z.figure("high"),
                    z.figures().getOrDefault("protection", "").replaceAll(", \\d+$", ""),
                    z.figure("high:"),
                    z.figure("batch:")))
        .toList();
  }

  private static String show(ZoneReport zone) {
    return "%d %s min %d low %d high %d protection %s pcp high %d batch %d"
        .formatted(
            zone.node(),
            zone.name(),
            zone.min(),
            zone.low(),
            zone.high(),
            zone.protection().toString().replaceAll("[\\[\\]]", ""),
            zone.caches().getFirst().high(),
            zone.caches().getFirst().batch());
  }
}
