package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherFormatsTest {
  @Test
  void shouldGiveEveryBirthOfMallocLabTraceFreshId() throws TraceException {
    TraceReader reader = Samples.reader(Samples.resource("small.rep"));
    assertEquals(TraceFormat.MALLOC_LAB, reader.format());
    assertEquals(
        "a 0 512\na 1 128\nr 0 2 640\na 3 16\nf 1\na 4 64\nf 3\nf 2\n", Samples.text(reader));
    assertEquals(1, reader.ignoredCalls());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a 1 8|id 1 is not below the 1 ids that the header names",
        "a 0 8;a 0 8|block 0 is born a second time",
        "f 0|block 0 is not live: never born, or already dead",
        "r 0 8|block 0 is not live: never born, or already dead",
        "a 0 -8|size is negative",
        "a -1 8|id is negative",
        "c 0 8|an event begins with one of a r f",
        "a 0 8|ends after 1 of the 5 operations that its header names",
      })
  void shouldRefuseMallocLabEvents(String lines, String reason) throws TraceException {
    try (TraceReader reader = Samples.reader("100\n1\n5\n1\n" + lines.replace(';', '\n'))) {
      TraceException failure = assertThrows(TraceException.class, () -> TraceSummary.of(reader));
      assertEquals(reason, failure.reason());
    }
  }

  @Test
  void shouldRefuseMallocLabHeaderThatIsCutOff() throws TraceException {
    try (TraceReader reader = Samples.reader("100\n1\n")) {
      TraceException failure = assertThrows(TraceException.class, () -> TraceSummary.of(reader));
      assertEquals("ends in its header, before the number of operations", failure.reason());
    }
  }

  @Test
  void shouldReadMtraceAndCountWhatItLacks() throws TraceException {
    TraceReader reader = Samples.reader(Samples.resource("small.mtrace"));
    assertEquals(TraceFormat.MTRACE, reader.format());
    assertEquals(
        "a 0 10\na 1 0\nr 0 2 100\na 3 16\na 4 32\nf 3\na 5 48\nf 2\n", Samples.text(reader));
    assertEquals(2, reader.foreignFrees());
    assertEquals(1, reader.missedFrees());
    assertEquals(2, reader.ignoredCalls());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@ ./a:[0x1 + 0x10 0x1|the caller does not end in ]",
        "@ ./a:[0x1] * 0x10 0x1|an operation is one of + - < > !",
        "@ ./a:[0x1] > 0x10 0x1|the first line of this resize is missing",
        "< 0x10;- 0x20|the second line of a resize is due here",
        "+ 0x10|size is missing",
        "+ 10 0x10|address does not begin with 0x",
        "+ 0x 0x10|address is not a number",
        "+ 0x0 0x10|the address is 0",
        "+ 0x10 0x8000000000000000|size is larger than 0x7fffffffffffffff",
        "= Begin|a mark is = Start or = End",
      })
  void shouldRefuseMtraceLine(String lines, String reason) throws TraceException {
    try (TraceReader reader = Samples.reader("= Start\n" + lines.replace(';', '\n'))) {
      TraceException failure = assertThrows(TraceException.class, () -> TraceSummary.of(reader));
      assertEquals(reason, failure.reason());
    }
  }

  @Test
  void shouldFindFormatByItsKey() {
    assertEquals(Optional.of(TraceFormat.MALLOC_LAB), TraceFormat.named("REP"));
    assertEquals(Optional.of(TraceFormat.MTRACE), TraceFormat.named("mtrace"));
    assertEquals(Optional.empty(), TraceFormat.named("dtrace"));
  }
}
