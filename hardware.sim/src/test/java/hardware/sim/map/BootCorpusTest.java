package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hardware.api.map.BootMap;
import hardware.api.map.FirmwareMap;
import hardware.api.map.MapOptions;
import hardware.api.map.MapSection;
import hardware.api.map.UsableSpan;
import hardware.api.map.ZoneSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares zones with what the kernels that booted from the same maps had in {@code
 * /proc/zoneinfo}: the folders of {@code qemu/} where the system property {@code quarry.corpus}
 * points.
 */
class BootCorpusTest {
  private static final Pattern ZONE = Pattern.compile("Node (\\d+), zone +(\\w+)");
  private static final Pattern FIGURE = Pattern.compile(" +(spanned|present) +(\\d+)");
  private static final long PAGE = 4096;

  @TestFactory
  Stream<DynamicTest> shouldHaveTheKernelsZones() throws IOException {
    return boots(MapSection.LAST);
  }

  /** From the firmware's own map, so that mem= and memmap= are this model's work alone. */
  @TestFactory
  Stream<DynamicTest> shouldHaveTheKernelsZonesFromTheFirmwareMap() throws IOException {
    return boots(MapSection.BIOS);
  }

  private static Stream<DynamicTest> boots(MapSection section) throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path boots = Path.of(corpus, "qemu");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(boots), "no quarry.corpus");
    try (Stream<Path> folders = Files.list(boots)) {
      return folders.filter(f -> Files.exists(f.resolve("zoneinfo.txt"))).sorted().toList().stream()
          .map(f -> DynamicTest.dynamicTest(f.toString(), () -> check(f, section)));
    }
  }

  private static void check(Path folder, MapSection section) throws IOException {
    MapOptions options = MapOptions.DEFAULTS.withSection(section);
    Path log = folder.resolve("dmesg.txt");
    assumeTrue(
        section == MapSection.LAST || Files.readString(log).contains("BIOS-e820"),
        "the log of a kernel that reads a device tree");
    FirmwareMap map = Samples.MAPS.read(log, options);
    BootMap boot = Samples.MAPS.boot(map, options);
    assertEquals(kernel(folder.resolve("zoneinfo.txt")), model(boot), folder.toString());
    assertTrue(
        boot.findings().stream().noneMatch(f -> f.code().equals("early-ranges-differ")),
        () -> boot.findings().toString());
  }

  private static List<String> kernel(Path zoneinfo) throws IOException {
    List<String> zones = new ArrayList<>();
    StringBuilder zone = new StringBuilder();
    for (String line : Files.readAllLines(zoneinfo)) {
      Matcher name = ZONE.matcher(line);
      if (name.find()) {
        zone.setLength(0);
        zone.append(name.group(1)).append(' ').append(name.group(2));
      }
      Matcher figure = FIGURE.matcher(line);
      if (figure.matches()) {
        zone.append(' ').append(figure.group(1)).append(' ').append(figure.group(2));
        if (figure.group(1).equals("present")) {
          zones.add(zone.toString());
        }
      }
    }
    return zones;
  }

  private static List<String> model(BootMap boot) {
    return boot.zones().stream()
        .map(z ->
            "%d %s spanned %d present %d"
                .formatted(z.node(), z.name(), z.size() / PAGE, present(boot, z) / PAGE))
        .toList();
  }

  private static long present(BootMap boot, ZoneSpan zone) {
    return boot.map().byNode().stream()
        .filter(span -> span.node() == zone.node())
        .mapToLong(span -> common(span, zone))
        .sum();
  }

  private static long common(UsableSpan span, ZoneSpan zone) {
    return Math.max(0, Math.min(span.end(), zone.end()) - Math.max(span.start(), zone.start()));
  }
}
