package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the traces of the corpus that the system property {@code quarry.corpus} points to. */
class CorpusTest {
  @Test
  void shouldAgreeWithIndependentCounts() throws IOException {
    List<Path> files = files("traces", ".trace.gz");
    assertTrue(files.size() >= 10, "only " + files.size() + " traces");
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".trace.gz", ".json");
      JsonObject facts =
          new Gson().fromJson(Files.readString(file.resolveSibling(name)), JsonObject.class);
      TraceSummary summary = TraceSummary.of(file);
      String got = figures(summary);
      assertEquals(
          List.of(
                  "ops",
                  "ids",
                  "a",
                  "c",
                  "m",
                  "r",
                  "f",
                  "threads",
                  "thread_switches",
                  "peak_live_bytes",
                  "peak_live_blocks",
                  "final_live_bytes",
                  "final_live_blocks",
                  "total_requested_bytes")
              .stream()
              .map(key -> key + "=" + facts.get(key).getAsLong() + " ")
              .reduce("", String::concat),
          got,
          name);
    }
  }

  @Test
  void shouldReadMtraceLogsToTheirEnd() throws IOException {
    for (Path file : files("traces/other", ".txt")) {
      if (file.getFileName().toString().startsWith("mtrace-")) {
        TraceSummary summary = TraceSummary.of(file);
        assertTrue(summary.operations() > 10, file + ": " + summary);
      }
    }
  }

  private static String figures(TraceSummary s) {
    return "ops=%d ids=%d a=%d c=%d m=%d r=%d f=%d threads=%d thread_switches=%d "
            .formatted(
                s.operations(),
                s.ids(),
                s.allocates(),
                s.zeroed(),
                s.aligned(),
                s.resizes(),
                s.frees(),
                s.threads(),
                s.threadSwitches())
        + "peak_live_bytes=%d peak_live_blocks=%d final_live_bytes=%d final_live_blocks=%d "
            .formatted(
                s.peakLiveBytes(), s.peakLiveBlocks(), s.finalLiveBytes(), s.finalLiveBlocks())
        + "total_requested_bytes=%d ".formatted(s.requestedBytes());
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    Path corpus = Path.of(System.getProperty("quarry.corpus", ""), folder);
    assumeTrue(Files.isDirectory(corpus), "no corpus at " + corpus);
    try (Stream<Path> files = Files.list(corpus)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
