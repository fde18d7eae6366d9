package trace.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trace.importing.ImportReport.Part;

/** Imports files of the corpus that the system property {@code quarry.corpus} points to. */
class CorpusImportTest {
  private Path corpus = Path.of("");

  @BeforeEach
  void findCorpus() {
    String property = System.getProperty("quarry.corpus", "");
    assumeTrue(!property.isEmpty(), "no corpus");
    corpus = Path.of(property);
  }

  /** Another program counted the same file. */
  @Test
  void shouldAgreeWithIndependentCountOfKernelEvents() throws IOException {
    Path counts = corpus.resolve("traces/kernel/guest61-pc-256m-ktrace.json");
    JsonObject all = new Gson().fromJson(Files.readString(counts), JsonObject.class);
    JsonObject events = all.getAsJsonObject("events");
    ImportReport report = inspect("qemu/pc-256m-ktrace/ftrace.txt.gz");

    Part frames = report.parts().getFirst();
    assertEquals(number(all, "pages_ids"), frames.figures().get("blocks allocated"));
    assertEquals(number(events, "page_foreign_free"), foreign(frames));

    Part heap = report.parts().getLast();
    assertEquals(number(all, "kmem_ids"), heap.figures().get("allocations"));
    assertEquals(number(all, "kmem_peak_req_bytes"), heap.figures().get("peak live bytes"));
    assertEquals(number(all, "kmem_peak_objects"), heap.figures().get("peak live blocks"));
    assertEquals(number(all, "kmem_live_end"), heap.figures().get("live blocks at the end"));
    assertEquals(number(events, "foreign_free"), foreign(heap));
    assertEquals(
        number(events, "free_null"),
        heap.oddities().get("calls that failed or did nothing, left out"));
  }

  @Test
  void shouldFindSameFiguresInRawAndInterpretedLog() throws IOException {
    Map<String, Long> raw = figures("traces/other/heaptrack-small.raw.zst");
    assertEquals(302L, raw.get("allocations")); // as heaptrack_print says
    assertEquals(raw, figures("traces/other/heaptrack-small.raw.txt"));
    assertEquals(raw, figures("traces/other/heaptrack-small-interp.zst"));
    assertEquals(
        figures("traces/other/heaptrack-sqlite.raw.txt"),
        figures("traces/other/heaptrack-sqlite.raw.zst"));
  }

  private Map<String, Long> figures(String name) throws IOException {
    return inspect(name).parts().getFirst().figures();
  }

  private ImportReport inspect(String name) throws IOException {
    return TraceImport.of(corpus.resolve(name), Optional.empty()).inspect();
  }

  private static Long number(JsonObject object, String key) {
    return object.get(key).getAsLong();
  }

  private static Long foreign(Part part) {
    return part.oddities().getOrDefault("frees of blocks born before the log, left out", 0L);
  }
}
