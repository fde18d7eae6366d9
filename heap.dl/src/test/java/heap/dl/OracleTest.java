package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import allocator.api.Statistic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same trace gives the same placements and footprints as the C original. */
class OracleTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dpkg-query",
        "git-log-stat",
        "python3-default",
        "gcc-cc1-dlmalloc",
        "nginx-ab",
        "emacs-batch",
        "sqlite3-insert-join",
        "cpp-stl",
        "redis-benchmark",
        "node-script"
      })
  void shouldPlaceAsTheOriginalDoes(String name) throws IOException {
    String corpus = System.getProperty("quarry.corpus");
    assumeTrue(corpus != null, "quarry.corpus is not set");
    Path traces = Path.of(corpus, "traces", name + ".trace.gz");
    Path placements = Path.of(corpus, "oracle", name + ".placements.gz");
    Path figures = Path.of(corpus, "oracle", "dlmalloc-2.8.6.txt");
    assumeTrue(Files.exists(traces) && Files.exists(placements), "no such trace: " + name);
    String line =
        Files.readAllLines(figures).stream()
            .filter(l -> l.startsWith(name + " "))
            .findFirst()
            .orElseThrow();
    compare(Files.newInputStream(traces), Files.newInputStream(placements), figures(line));
  }

  /**
   * 6000 random events of all kinds, with sizes at the edges of the bins; the placements are those
   * of the C original built as the corpus says.
   */
  @Test
  void shouldPlaceARandomMixAsTheOriginalDoes() throws IOException {
    String line =
        "mixed peak_footprint=5414912 footprint_at_end=1400832 uordblks_end=66752"
            + " after_free_all=1400832 fordblks_after=1400832 ordblks_after=1 after_trim0=4096";
    compare(resource("mixed.trace.gz"), resource("mixed.placements.gz"), figures(line));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(OracleTest.class.getResourceAsStream(name), name);
  }

  private static Map<String, String> figures(String line) {
    Map<String, String> figures = new HashMap<>();
    for (String field : line.split(" ", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        figures.put(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    return figures;
  }

  static void compare(InputStream trace, InputStream placements, Map<String, String> figures)
      throws IOException {
    Events events = Events.read(trace);
    Ground ground = new Ground(64L << 20);
    DlHeap heap = ground.heap();
    long[] at = new long[events.blocks];
    try (var expected =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(placements), StandardCharsets.US_ASCII))) {
      events.play(heap, at, (id, address) -> checkLine(expected, id, address - ground.base));
      assertEquals(null, expected.readLine(), "placements left over");
    }
    checkFigures(heap, ground, at, figures);
  }

  private static void checkLine(BufferedReader expected, int id, long offset) throws IOException {
    String line = expected.readLine();
    String found = id + " " + Long.toHexString(offset);
    if (!found.equals(line)) {
      assertEquals(line, found);
    }
  }

  private static void checkFigures(
      DlHeap heap, Ground ground, long[] at, Map<String, String> figures) {
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(figures.get("peak_footprint"), text(heap.peakFootprint()));
    assertEquals(figures.get("footprint_at_end"), text(heap.footprint()));
    assertEquals(figures.get("uordblks_end"), text(statistic(heap, "uordblks")));
    for (long block : at) {
      if (block != 0) {
        heap.free(0, block);
      }
    }
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(figures.get("after_free_all"), text(heap.footprint()));
    assertEquals(figures.get("fordblks_after"), text(statistic(heap, "fordblks")));
    assertEquals(figures.get("ordblks_after"), text(statistic(heap, "ordblks")));
    assertEquals(0, heap.census().liveCount());
    heap.trim(0);
    assertEquals(figures.get("after_trim0"), text(heap.footprint()));
    assertEquals(heap.footprint(), ground.takenBytes());
  }

  private static String text(long value) {
    return Long.toString(value);
  }

  static long statistic(DlHeap heap, String name) {
    return heap.statistics().stream()
        .filter(s -> s.name().equals(name))
        .mapToLong(Statistic::value)
        .findFirst()
        .orElseThrow();
  }
}
