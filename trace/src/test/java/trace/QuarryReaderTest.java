package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarryReaderTest {
  @Test
  void shouldYieldEveryKindOfEvent() throws TraceException {
    try (TraceReader reader = Samples.reader(Samples.resource("kinds.trace"))) {
      assertEquals(TraceFormat.QUARRY, reader.format());
      EventBatch batch = new EventBatch();
      assertTrue(reader.read(batch));
      assertEquals(13, batch.length());
      assertEquals("kinds", reader.program());
      assertEvent(batch, 0, EventBatch.ALLOCATE, 0, -1, 0, 100, 0, 0);
      assertEvent(batch, 1, EventBatch.ZEROED, 1, -1, 1, 16, 10, 0);
      assertEvent(batch, 2, EventBatch.THREAD, -1, -1, -1, 0, 0, 1);
      assertEvent(batch, 3, EventBatch.ALIGNED, 2, -1, 2, 1000, 256, 1);
      assertEvent(batch, 4, EventBatch.RESIZE, 0, 0, 3, 200, 0, 1);
      assertEvent(batch, 5, EventBatch.FREE, 1, -1, 1, 0, 0, 1);
      assertEvent(batch, 6, EventBatch.ALLOCATE, 1, -1, 4, 0, 0, 1);
      assertEquals(160, batch.bytes(1));
      assertEquals(3, batch.slots());
      assertFalse(reader.read(batch));
      assertEquals(0, batch.length());
      assertEquals(13, reader.events());
    }
  }

  @Test
  void shouldSumUpSample() throws TraceException {
    TraceSummary summary = Samples.summary(Samples.resource("kinds.trace"));
    assertEquals(
        new TraceSummary("kinds", 11, 7, 3, 1, 1, 2, 4, 2, 2, 1360, 3, 7, 1, 1475), summary);
  }

  @Test
  void shouldReadSameEventsPlainGzipAndInSeveralMembers() throws TraceException {
    byte[] plain = Samples.resource("kinds.trace");
    String text = new String(plain, StandardCharsets.ISO_8859_1);
    int half = text.indexOf("r 0");
    byte[] first = Samples.gzip(Samples.ascii(text.substring(0, half)));
    byte[] second = Samples.gzip(Samples.ascii(text.substring(half)));
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    String expected = Samples.events(text);
    assertEquals(expected, Samples.text(Samples.reader(plain)));
    assertEquals(expected, Samples.text(Samples.reader(Samples.gzip(plain))));
    assertEquals(expected, Samples.text(Samples.reader(both)));
  }

  @Test
  void shouldTolerateCarriageReturnsBlankLinesTrailingBlanksAndMissingLastFeed()
      throws TraceException {
    assertEquals("a 0 1\nf 0\n", Samples.text(Samples.reader("\r\na 0 1 \r\n\n \t\nf  0")));
  }

  @Test
  void shouldReadTraceOfCommentsOnlyAsEmpty() throws TraceException {
    assertEquals("", Samples.text(Samples.reader("# nothing happened")));
  }

  @Test
  void shouldAllowIdsWithGapsInAnyOrder() throws TraceException {
    String text = "a 9223372036854775807 1\na 5 2\nf 9223372036854775807\na 0 3\nf 5\n";
    assertEquals(text, Samples.text(Samples.reader(text)));
  }

  @Test
  void shouldYieldEventsBeforeFaultFirst() throws TraceException {
    try (TraceReader reader = Samples.reader("a 0 1\nf 0\nf 0\n")) {
      EventBatch batch = new EventBatch();
      assertTrue(reader.read(batch));
      assertEquals(2, batch.length());
      TraceException failure = assertThrows(TraceException.class, () -> reader.read(batch));
      assertEquals("sample", failure.file());
      assertEquals(3, failure.line());
      assertEquals("f 0", failure.text());
      assertEquals("block 0 is already dead", failure.reason());
      assertEquals(
          "sample:3: block 0 is already dead: \"f 0\" (docs/formats.md describes the format)",
          failure.getMessage());
      assertThrows(TraceException.class, () -> reader.read(batch));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a 0|SIZE is missing",
        "a|ID is missing",
        "a 0 1 2|something follows the last field",
        "a 0 x|SIZE is not a number",
        "a 0 1x|SIZE is not a number",
        "a 0 -1|SIZE is negative",
        "a 0 9223372036854775808|SIZE is larger than 9223372036854775807",
        "a 0 99999999999999999999|SIZE is larger than 9223372036854775807",
        "allocate 0 1|no space before ID",
        "c 0 4294967296 2147483648|COUNT times SIZE is larger than 9223372036854775807",
        "c 0 9223372036854775807 3|COUNT times SIZE is larger than 9223372036854775807",
        "m 0 0 8|ALIGN 0 is not a power of two",
        "m 0 24 8|ALIGN 24 is not a power of two",
        "f 0|block 0 was never born",
        "r 0 1 8|block 0 was never born",
        "t 4194304|THREAD 4194304 is not below 4194304",
        "x 1|an event begins with one of a c m r f t",
      })
  void shouldRefuseLine(String line, String reason) throws TraceException {
    try (TraceReader reader = Samples.reader("# comment\n" + line + "\n")) {
      EventBatch batch = new EventBatch();
      TraceException failure = assertThrows(TraceException.class, () -> reader.read(batch));
      assertEquals(reason, failure.reason());
      assertEquals(2, failure.line());
      assertEquals(line, failure.text());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a 0 1;a 0 1|block 0 is born a second time",
        "a 0 1;f 0;a 0 1|block 0 is born a second time",
        "a 7 1;a 7 1|block 7 is born a second time",
        "a 0 1;r 0 0 2|block 0 is born a second time",
        "a 0 1;f 0;r 0 1 2|block 0 is already dead",
        "a 7 1;f 9|block 9 is not live: never born, or already dead",
        "a 0 1; f 0|the line begins with a space",
      })
  void shouldRefuseLastLine(String lines, String reason) throws TraceException {
    try (TraceReader reader = Samples.reader("# \n" + lines.replace(';', '\n'))) {
      TraceException failure = assertThrows(TraceException.class, () -> TraceSummary.of(reader));
      assertEquals(reason, failure.reason());
    }
  }

  @Test
  void shouldShowUnprintableTextEscapedAndCut() throws TraceException {
    try (TraceReader reader = Samples.reader("#\na \u0007" + "y".repeat(200))) {
      TraceException failure = assertThrows(TraceException.class, () -> TraceSummary.of(reader));
      assertTrue(failure.text().startsWith("a \\x07yyy"), failure.text());
      assertTrue(failure.text().endsWith("yyy..."), failure.text());
    }
  }

  @Test
  void shouldKeepSlotsWithinLiveSetHoweverLongTheTrace() throws TraceException {
    StringBuilder text = new StringBuilder("a 0 1\n");
    for (int id = 1; id < 30_000; id++) {
      text.append("a ").append(id).append(" 1\nf ").append(id - 1).append('\n');
    }
    try (TraceReader reader = Samples.reader(text.toString())) {
      EventBatch batch = new EventBatch();
      long expectedFirst = 0;
      while (reader.read(batch)) {
        assertEquals(expectedFirst, batch.first());
        assertTrue(batch.slots() <= 2, "slots " + batch.slots());
        expectedFirst += batch.length();
      }
      assertEquals(59_999, expectedFirst);
    }
  }

  private static void assertEvent(
      EventBatch batch,
      int i,
      int operation,
      int slot,
      int old,
      long id,
      long size,
      long extra,
      int thread) {
    assertEquals(operation, batch.operation(i), "operation of " + i);
    assertEquals(slot, batch.slot(i), "slot of " + i);
    assertEquals(old, batch.oldSlot(i), "old slot of " + i);
    assertEquals(id, batch.id(i), "id of " + i);
    assertEquals(size, batch.size(i), "size of " + i);
    assertEquals(extra, batch.extra(i), "extra of " + i);
    assertEquals(thread, batch.thread(i), "thread of " + i);
  }
}
