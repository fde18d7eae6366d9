package hardware.sim.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hardware.api.map.FirmwareMap;
import hardware.api.map.MapException;
import hardware.api.map.MapOptions;
import hardware.api.map.SanitisedMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares the figures of real maps with independent ones, {@code maps/facts.json} in the folder
 * that the system property {@code quarry.corpus} names.
 */
class CorpusTest {
  private static final Set<String> REFUSED =
      Set.of("limine356-corrupt-efi.txt", "linux70-ocr-malformed-e820.txt");
  private static final Pattern OBJECT = Pattern.compile("\"([^\"]+\\.txt)\": \\{([^{}]*)\\}");
  private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\": (\\d+)");

  private static final Pattern MEMORY = Pattern.compile("Memory: \\d+K/(\\d+)K available");

  @TestFactory
  Stream<DynamicTest> shouldAgreeWithIndependentFigures() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path maps = Path.of(corpus, "maps");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(maps), "no quarry.corpus");
    return facts(Files.readString(maps.resolve("facts.json"))).entrySet().stream()
        .filter(e -> Files.exists(maps.resolve(e.getKey())))
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(maps, e.getKey(), e.getValue())));
  }

  /** What a kernel says it has, {@code Memory: 72612K/130552K available}, beside its own map. */
  @TestFactory
  Stream<DynamicTest> shouldAgreeWithTheKernelThatBootedFromTheMap() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path boots = Path.of(corpus, "qemu");
    assumeTrue(!corpus.isEmpty() && Files.isDirectory(boots), "no quarry.corpus");
    try (Stream<Path> folders = Files.list(boots)) {
      List<Path> logs =
          folders.map(f -> f.resolve("dmesg.txt")).filter(Files::exists).sorted().toList();
      return logs.stream().map(f -> DynamicTest.dynamicTest(f.toString(), () -> checkBoot(f)));
    }
  }

  /** On x86 the kernel keeps page 0, which firmware counts as usable, to itself. */
  private static void checkBoot(Path log) throws IOException {
    Matcher memory = MEMORY.matcher(Files.readString(log));
    assertTrue(memory.find(), () -> "no Memory: line in " + log);
    FirmwareMap map = Samples.MAPS.read(log, MapOptions.DEFAULTS);
    long pageZero = map.format().startsWith("E820") ? 4 : 0;
    long kibibytes = Samples.sane(map).usableBytes() / 1024;
    assertEquals(Long.parseLong(memory.group(1)) + pageZero, kibibytes, log.toString());
    assertFalse(map.commandLine().isEmpty(), log.toString());
  }

  private static void check(Path maps, String name, Map<String, Long> facts) {
    Path file = maps.resolve(name);
    if (REFUSED.contains(name)) {
      assertThrows(MapException.class, () -> Samples.MAPS.read(file, MapOptions.DEFAULTS));
      return;
    }
    FirmwareMap map = Samples.MAPS.read(file, MapOptions.DEFAULTS);
    SanitisedMap all = Samples.sane(map);
    SanitisedMapCheck.check(all);
    long bytes = facts.getOrDefault("os_usable_bytes", fact(facts, "page_bytes"));
    assertEquals(bytes, all.usableBytes(), name);
    assertEquals(fact(facts, "page_bytes"), conventional(map).usableBytes(), name);
    if (bytes > 0) {
      long spans = facts.getOrDefault("os_usable_spans", fact(facts, "usable_spans"));
      assertEquals(spans, all.usable().size(), name);
      assertEquals(fact(facts, "usable_spans"), conventional(map).usable().size(), name);
    }
  }

  private static SanitisedMap conventional(FirmwareMap map) {
    return Samples.MAPS.sanitise(map, MapOptions.DEFAULTS.withLoaderUsable(false));
  }

  private static long fact(Map<String, Long> facts, String key) {
    return facts.getOrDefault(key, -1L);
  }

  private static Map<String, Map<String, Long>> facts(String json) {
    Map<String, Map<String, Long>> all = new TreeMap<>();
    Matcher object = OBJECT.matcher(json);
    while (object.find()) {
      Map<String, Long> one = new HashMap<>();
      Matcher number = NUMBER.matcher(object.group(2));
      while (number.find()) {
        one.put(number.group(1), Long.parseLong(number.group(2)));
      }
      all.put(object.group(1), one);
    }
    return all;
  }
}
