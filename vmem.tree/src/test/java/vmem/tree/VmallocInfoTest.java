package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** The report against lines as a real kernel prints them. */
class VmallocInfoTest {
  private static final long PAGE = 0x1000;
  private static final Pattern REAL =
      Pattern.compile(
          "0x\\S+-0x\\S+ (?<size>[ 0-9]{6}\\d+) \\S+ pages=(?<pages>\\d+) vmalloc( N\\d=\\d+)+");

  @Test
  void shouldPrintTheLinesOfProcVmallocinfo() {
    TreeArena arena = Arenas.of(ArenaSpec.of("kernel", PAGE), Arenas.settings());
    arena.addSpan(0xffff_c900_0000_0000L, 1L << 30);
    arena.allocate(0, 4 * PAGE, FitPolicy.FIRST);
    long gone = arena.allocate(0, PAGE, FitPolicy.FIRST);
    arena.allocate(0, 1024 * PAGE, FitPolicy.FIRST);
    arena.free(0, gone, PAGE);
    TreeArena other = Arenas.of("task", PAGE);
    other.addSpan(PAGE, 2 * PAGE);
    other.allocate(0, 1, FitPolicy.FIRST);
    assertEquals(
        List.of(
            "0xffffc90000000000-0xffffc90000005000   20480 kernel pages=4 vmalloc",
            "0xffffc90000007000-0xffffc90000408000 4198400 kernel pages=1024 vmalloc",
            "0x0000000000001000-0x0000000000002000    4096 task pages=1 vmalloc",
            "0xffffc90000005000-0xffffc90000007000    8192 unpurged vm_area"),
        VmallocInfo.of(List.of(arena, other)));
  }

  @Test
  void shouldBeAReportOfTheEngine() {
    var engine = EngineTest.open(java.util.Map.of());
    assertEquals(List.of("vmallocinfo"), engine.reports());
    assertEquals(List.of(), engine.report("vmallocinfo"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> engine.report("slabinfo")).toString();
    assertTrue(message.contains("slabinfo; it has vmallocinfo"), message);
  }

  /** Lines that a real kernel printed, but for addresses, callers and nodes, are ours. */
  @TestFactory
  Stream<DynamicTest> shouldPrintWhatARealKernelDoes() throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    assumeTrue(!corpus.isEmpty(), "quarry.corpus is not set");
    try (Stream<Path> files = Files.walk(Path.of(corpus, "qemu"))) {
      return files
          .filter(file -> file.endsWith("vmallocinfo.txt"))
          .map(file -> DynamicTest.dynamicTest(file.toString(), () -> compare(file)))
          .toList()
          .stream();
    }
  }

  private static void compare(Path file) throws IOException {
    int compared = 0;
    for (String line : Files.readAllLines(file)) {
      Matcher real = REAL.matcher(line);
      if (real.matches()) {
        long pages = Long.parseLong(real.group("pages"));
        TreeArena arena = Arenas.of(ArenaSpec.of("caller", PAGE), Arenas.settings());
        arena.addSpan(PAGE, (pages + 1) * PAGE);
        arena.allocate(0, pages * PAGE, FitPolicy.FIRST);
        String ours = VmallocInfo.of(List.of(arena)).getFirst();
        String rest = real.group("size") + " caller pages=" + pages + " vmalloc";
        assertEquals(rest, ours.substring(ours.indexOf(' ') + 1), line);
        assertEquals(2 * 18 + 1, ours.indexOf(' '), line);
        compared++;
      } else {
        assertTrue(line.matches("0x\\S+-0x\\S+ [ 0-9]{6}\\d+ \\S.*"), line);
      }
    }
    assertTrue(compared > 10, compared + " lines of " + file);
  }
}
