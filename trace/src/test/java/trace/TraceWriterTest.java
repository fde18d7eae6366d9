package trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceWriterTest {
  private static final SyntheticTrace.Shape SHAPE =
      new SyntheticTrace.Shape(30_000, 4, 500, 3, 1 << 20);

  @TempDir Path folder;

  @Test
  void shouldReadBackWhatItWrote() throws IOException {
    for (long seed = 1; seed <= 8; seed++) {
      String expected = Samples.text(new SyntheticTrace(seed, SHAPE));
      for (String name : new String[] {"plain.trace", "packed.trace.gz"}) {
        Path file = folder.resolve(name);
        TraceSummary summary = TraceSummary.of(new SyntheticTrace(seed, SHAPE));
        try (TraceWriter writer = TraceWriter.create(file)) {
          writer.header(summary, summary.program());
          writer.writeAll(new SyntheticTrace(seed, SHAPE));
        }
        assertEquals(expected, Samples.text(TraceReader.open(file)), "seed " + seed);
        assertEquals(summary, TraceSummary.of(file), "seed " + seed);
      }
    }
  }

  @Test
  void shouldConvertOtherFormatWithHeaderAndRemarks() throws IOException {
    Path from = folder.resolve("small.mtrace");
    Files.write(from, Samples.resource("small.mtrace"));
    Path to = folder.resolve("small.trace");
    TraceSummary summary = TraceWriter.convert(from, to, "my app", "recorded\nfor a test");
    assertEquals(8, summary.operations());
    assertEquals(
        """
        # quarry trace v1  program=my-app ops=8 ids=6 threads=1 peak_live_bytes=180 \
        peak_live_blocks=4
        # recorded
        # for a test
        a 0 10
        """,
        Files.readString(to).substring(0, Files.readString(to).indexOf("a 1 0")));
    assertEquals("my-app", TraceSummary.of(to).program());
  }

  @Test
  void shouldRefuseToOverwriteItsInput() throws IOException {
    Path file = folder.resolve("same.trace");
    Files.writeString(file, "a 0 1\n");
    TraceException failure =
        assertThrows(TraceException.class, () -> TraceWriter.convert(file, file, ""));
    assertEquals("would overwrite the trace that is read", failure.reason());
    assertEquals("a 0 1\n", Files.readString(file));
  }

  @Test
  void shouldWriteSameBytesForSameEvents() throws IOException {
    Path[] files = {folder.resolve("one.gz"), folder.resolve("two.gz")};
    for (Path file : files) {
      try (TraceWriter writer = TraceWriter.create(file)) {
        writer.writeAll(new SyntheticTrace(9, SHAPE));
      }
    }
    assertArrayEquals(Files.readAllBytes(files[0]), Files.readAllBytes(files[1]));
  }

  @Test
  void shouldWriteLargestNumbers() throws TraceException {
    String text = "a 0 9223372036854775807\nm 1 4611686018427387904 9223372036854775807\n";
    assertEquals(text, Samples.text(Samples.reader(text)));
    assertEquals(
        Long.MAX_VALUE, Samples.summary(Samples.ascii(text)).peakLiveBytes(), "sum beyond 2^63");
  }

  @Test
  void shouldRefuseNegativeNumber() throws TraceException {
    try (TraceWriter writer = TraceWriter.create(folder.resolve("negative"))) {
      var failure = assertThrows(IllegalArgumentException.class, () -> writer.allocate(0, -5));
      assertEquals("a trace has no negative number such as -5", failure.getMessage());
    }
  }

  @Test
  void shouldSayWhichFileCannotBeMade() {
    Path file = folder.resolve("no/such/folder");
    TraceException failure = assertThrows(TraceException.class, () -> TraceWriter.create(file));
    assertEquals(file.toString(), failure.file());
    assertTrue(failure.reason().startsWith("cannot be written"), failure.reason());
  }
}
