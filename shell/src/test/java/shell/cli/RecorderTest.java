package shell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import trace.TraceSummary;

/** Builds the recorder's library and records with it; passed over where no C compiler is. */
@EnabledOnOs(OS.LINUX)
class RecorderTest {
  private static final Path SOURCES = Path.of("../launcher/src/main/c");

  /** What starting and ending six threads makes the C library allocate and free itself. */
  private static final long OF_THREADS = 20;

  @TempDir Path folder;
  private Path library = Path.of("");

  @BeforeEach
  void buildLibrary() throws Exception {
    library = folder.resolve("libquarry-record.so");
    run("sh", SOURCES + "/build.sh", SOURCES + "/quarry-record.c", library.toString());
    assumeTrue(Files.exists(library), "no C compiler");
  }

  /** The program counts its calls itself. */
  @Test
  void shouldRecordEachCallOfThreadsAndChild() throws Exception {
    Path source =
        Path.of(
            Objects.requireNonNull(RecorderTest.class.getResource("/recorder/stress.c")).toURI());
    String program = folder.resolve("stress").toString();
    run("cc", "-O1", "-pthread", "-o", program, source.toString());
    Path counted = folder.resolve("counted");
    Recorder recorder = new Recorder(library, folder.resolve("raw"));
    String command = program + " > " + counted;
    assertEquals(0, recorder.run(List.of("sh", "-c", "exec " + command)));

    Map<String, List<Long>> expected = counts(counted);
    assertEquals(2, expected.size());
    List<Recorder.Recorded> all = recorder.recorded(false);
    List<Recorder.Recorded> ours = new ArrayList<>(all);
    ours.removeIf(each -> !expected.containsKey(number(each)));
    assertTrue(all.getFirst().first());
    int compared = 0;
    for (Recorder.Recorded each : ours) {
      Recorder.Converted made = each.convert(folder.resolve("x.trace.gz"));
      if (made.program().equals("stress")) {
        assertEquals(Map.of(), made.oddities());
        compare(expected.getOrDefault(number(each), List.of()), TraceSummary.of(made.written()));
        compared++;
      }
    }
    assertEquals(2, compared);
    recorder.removeFolder();
    assertFalse(Files.exists(folder.resolve("raw")));
  }

  @Test
  void shouldLoseNothingWhenProgramIsKilled() throws Exception {
    Recorder recorder = new Recorder(library, folder.resolve("raw"));
    int status = recorder.run(List.of("sh", "-c", "kill -9 $$"));
    assertEquals(128 + 9, status);
    Recorder.Recorded shell = recorder.recorded(true).getFirst();
    Recorder.Converted made = shell.convert(folder.resolve("sh.trace"));
    assertTrue(made.operations() > 0);
    assertEquals(made.operations(), TraceSummary.of(made.written()).operations());
  }

  @Test
  void shouldLoadLibraryFromFolderWithBlanks() throws Exception {
    Path blanks = Files.createDirectory(folder.resolve("a b:c"));
    Path copy = Files.copy(library, blanks.resolve("lib.so"));
    Recorder recorder = new Recorder(copy, blanks.resolve("raw"));
    assertEquals(3, recorder.run(List.of("sh", "-c", "exit 3")));
    assertTrue(recorder.recorded(true).getFirst().first());
  }

  @Test
  void shouldRefuseFolderThatIsThere() throws IOException {
    Files.createDirectory(folder.resolve("raw"));
    Recorder recorder = new Recorder(library, folder.resolve("raw"));
    assertThrows(IllegalArgumentException.class, () -> recorder.run(List.of("true")));
  }

  @Test
  void shouldSayThatProgramIsMissing() {
    Recorder recorder = new Recorder(library, folder.resolve("raw"));
    IOException failure =
        assertThrows(IOException.class, () -> recorder.run(List.of("/no/such/program")));
    assertTrue(String.valueOf(failure.getMessage()).startsWith("/no/such/program cannot be run: "));
    assertFalse(Files.exists(folder.resolve("raw")));
  }

  private static String number(Recorder.Recorded recorded) {
    return recorded.process().split("\\.", 2)[0];
  }

  private static void compare(List<Long> expected, TraceSummary summary) {
    long births = summary.allocates() + summary.zeroed() + summary.aligned();
    assertEquals(expected.get(1), summary.resizes());
    assertClose(expected.get(0), births);
    assertClose(expected.get(2), summary.frees());
  }

  private static void assertClose(long expected, long found) {
    assertTrue(
        found >= expected && found <= expected + OF_THREADS, found + " instead of " + expected);
  }

  private static Map<String, List<Long>> counts(Path file) throws IOException {
    Map<String, List<Long>> counts = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      List<Long> numbers = List.of(line.split(" ", -1)).stream().map(Long::parseLong).toList();
      counts.put(String.valueOf(numbers.getFirst()), numbers.subList(1, 4));
    }
    return counts;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
