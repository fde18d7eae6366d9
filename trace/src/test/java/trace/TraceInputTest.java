package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceInputTest {
  @TempDir Path folder;

  @Test
  void shouldSayThatFileIsMissing() {
    Path file = folder.resolve("none");
    TraceException failure = assertThrows(TraceException.class, () -> TraceReader.open(file));
    assertEquals(file + ": does not exist (check the path)", failure.getMessage());
  }

  @Test
  void shouldSayThatFileIsDirectory() {
    TraceException failure = assertThrows(TraceException.class, () -> TraceReader.open(folder));
    assertEquals("is a directory, not a trace", failure.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n  \n"})
  void shouldSayThatFileIsEmpty(String text) {
    assertEquals("is empty", reason(Samples.ascii(text)));
    assertEquals("is empty", reason(Samples.gzip(Samples.ascii(text))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello world", "v 10500", "<html>", "12 13", "\u001c", "\u007fELF"})
  void shouldSayThatFileIsNoTrace(String text) {
    assertEquals("is not a trace in a known format", reason(Samples.ascii(text + "\n")));
  }

  @Test
  void shouldSayThatFileIsOfAnotherCompressor() {
    assertEquals("is zip data", reason(Samples.ascii("PK\u0003\u0004....")));
    assertEquals("is xz data", reason(Samples.ascii("\u00fd7zXZ\u0000....")));
    assertEquals("is bzip2 data", reason(Samples.ascii("BZh91AY")));
  }

  @Test
  void shouldSayThatLineIsTooLong() {
    String reason = reason(Samples.ascii("a".repeat(70_000)));
    assertEquals("the line is longer than 65535 bytes", reason);
  }

  @Test
  void shouldReadLongestLine() throws TraceException {
    String comment = "#" + "x".repeat(65_533) + "\n";
    assertEquals("a 0 1\n", Samples.text(Samples.reader(comment + comment + "a 0 1\n")));
  }

  @Test
  void shouldReportTruncatedGzipWhereverItIsCut() throws TraceException {
    StringBuilder text = new StringBuilder("# program=cut\n");
    for (int id = 0; id < 20_000; id++) {
      text.append("a ").append(id).append(' ').append(id * 7919 % 1009).append('\n');
    }
    byte[] whole = Samples.gzip(Samples.ascii(text.toString()));
    for (int length = 2; length < whole.length; length += 997) {
      byte[] cut = Arrays.copyOf(whole, length);
      TraceException failure =
          assertThrows(TraceException.class, () -> Samples.summary(cut), "cut at " + length);
      assertTrue(
          failure.reason().matches("ends in the middle of a gzip member: .* read"),
          failure.reason());
    }
  }

  @Test
  void shouldNameNumberOfLinesReadBeforeTruncation() {
    byte[] whole = Samples.gzip(Samples.ascii("# one\na 0 1\na 1 2\n"));
    byte[] cut = Arrays.copyOf(whole, whole.length - 4);
    TraceException failure = assertThrows(TraceException.class, () -> Samples.summary(cut));
    assertEquals("ends in the middle of a gzip member: 2 events read", failure.reason());
  }

  @Test
  void shouldReportDamagedGzip() {
    byte[] bytes = Samples.gzip(Samples.ascii("# one\na 0 1\na 1 2\n"));
    bytes[bytes.length - 6] ^= 1;
    TraceException failure = assertThrows(TraceException.class, () -> Samples.summary(bytes));
    assertTrue(failure.reason().startsWith("is damaged gzip data"), failure.reason());
  }

  @Test
  void shouldReadForcedFormatAndNameItsFault() throws IOException {
    Path file = folder.resolve("forced");
    Files.writeString(file, "a 0 1\n");
    try (TraceReader reader = TraceReader.open(file, TraceFormat.MALLOC_LAB)) {
      TraceException failure = assertThrows(TraceException.class, () -> TraceSummary.of(reader));
      assertEquals("suggested heap size is not a number", failure.reason());
    }
  }

  @Test
  void shouldCountBytesOfFile() throws IOException {
    Path file = folder.resolve("sized.gz");
    Files.write(file, Samples.gzip(Samples.resource("kinds.trace")));
    try (TraceReader reader = TraceReader.open(file)) {
      assertEquals(Files.size(file), reader.total());
      TraceSummary.of(reader);
      assertEquals(reader.total(), reader.position());
    }
  }

  private static String reason(byte[] bytes) {
    return assertThrows(TraceException.class, () -> Samples.summary(bytes)).reason();
  }
}
