package shell.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import trace.TraceFormat;
import trace.importing.ImportReport;
import trace.importing.ImportReport.Part;

class ImportTextTest {
  private static final ImportReport REPORT =
      new ImportReport(
          Path.of("a.zst"),
          TraceFormat.HEAPTRACK,
          "raw",
          List.of(
              new Part(
                  TraceFormat.Tier.HEAP,
                  "ls",
                  1313,
                  Optional.of(Duration.ofMillis(1500)),
                  figures(),
                  Map.of("frees put in", 2L),
                  Optional.of(Path.of("a.trace.gz")))));

  @Test
  void shouldPrintFiguresOdditiesAndFile() {
    assertEquals(
        """
        a.zst: heaptrack log, raw

        heap of ls: 1,313 operations in 1.500 s
                  1,240  allocations
                138,765  peak live bytes (136 KiB)
          odd:
                      2  frees put in
          written to a.trace.gz
        """,
        Capture.of(out -> ImportText.print(REPORT, out)));
  }

  @Test
  void shouldRenderJson() {
    assertEquals(
        "{\"file\":\"a.zst\",\"format\":\"heaptrack\",\"variant\":\"raw\",\"parts\":[{\"tier\":"
            + "\"heap\",\"program\":\"ls\",\"operations\":1313,\"spanNanos\":1500000000,"
            + "\"figures\":{\"allocations\":1240,\"peak live bytes\":138765},"
            + "\"oddities\":{\"frees put in\":2},\"written\":\"a.trace.gz\"}]}",
        ImportText.json(REPORT));
  }

  private static Map<String, Long> figures() {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("allocations", 1240L);
    figures.put("peak live bytes", 138_765L);
    return figures;
  }
}
