package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The logs in the resources are recordings of {@code ls}, of small programs, of a Linux 6.1. */
class ToolLogsTest {
  private static final String FOREIGN = "frees of blocks born before the log, left out";
  private static final String MISSED = "frees that the log lacks, put in";
  private static final String FAILED = "calls that failed or did nothing, left out";

  /** The figures are those that {@code heaptrack_print} gives of the same recording. */
  @ParameterizedTest
  @CsvSource({
    "ls.heaptrack.raw.gz,raw",
    "ls.heaptrack.raw.zst,raw",
    "ls.heaptrack.zst,interpreted",
  })
  void shouldReadHeaptrackLog(String name, String variant) throws TraceException {
    try (TraceReader reader = Samples.reader(Samples.resource(name))) {
      TraceSummary summary = TraceSummary.of(reader);
      assertEquals(TraceFormat.HEAPTRACK, reader.format());
      assertEquals(variant, reader.variant());
      assertEquals("ls", summary.program());
      assertEquals(240, summary.allocates());
      assertEquals(138_765, summary.peakLiveBytes());
      assertEquals(33_787, summary.finalLiveBytes());
      assertEquals(Map.of(), reader.oddities());
    }
  }

  @Test
  void shouldFreeYoungestBlockOfItsKindInInterpretedLog() throws TraceException {
    String log = "v 10400 3\na 10 1\na 20 2\n+ 0\n+ 1\n+ 0\n- 0\n- 0\n- 0\n- 1\n";
    try (TraceReader reader = Samples.reader(log)) {
      assertEquals("a 0 16\na 1 32\na 2 16\nf 2\nf 0\nf 1\n", Samples.text(reader));
      assertEquals(Map.of(FOREIGN, 1L), reader.oddities());
    }
  }

  @Test
  void shouldPassOverFurtherLinesOfCommand() throws TraceException {
    String log = "v 1 3\nX python -c \ndef f():\nt=[1]\n  I x\n\nI 1000 5\n+ 8 1 10\n";
    try (TraceReader reader = Samples.reader(log)) {
      assertEquals("a 0 8\n", Samples.text(reader));
      assertEquals("python", reader.program());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v 1 4|format 4 is not one of 1 to 3",
        "v 1 3;+ 10|backtrace is missing",
        "v 1 3;x a;i 1|raw and interpreted lines are mixed",
        "v 1 3;a 8 1;+ 1|allocation 1 has not been described",
        "v 1 3;+ 8 1 xyz|address is not a number",
        "v 1 3;- 8000000000000000|address is larger than 0x7fffffffffffffff",
        "v 1 3;? 1|a line begins with one of + - a c v x X I m t s i S R A #",
        "v 1 3;c 7fffffffffffffff|the time is too large",
      })
  void shouldRefuseHeaptrackLine(String lines, String reason) throws TraceException {
    assertEquals(reason, reason(lines));
  }

  @Test
  void shouldReadLogOfLtraceWithThreadsAndChild() throws TraceException {
    try (TraceReader reader = Samples.reader(Samples.resource("threads.ltrace"))) {
      TraceSummary summary = TraceSummary.of(reader);
      assertEquals(TraceFormat.LTRACE, reader.format());
      assertEquals(3, summary.threads());
      assertEquals(1, summary.zeroed());
      assertEquals(3, summary.aligned());
      assertEquals(2, summary.resizes());
      assertEquals(109, summary.ids());
      assertEquals(58, summary.frees());
      assertEquals(
          2L, reader.oddities().get("posix_memalign, whose address ltrace does not print"));
    }
  }

  @Test
  void shouldCountOuterOfNestedCallsOnly() throws TraceException {
    try (TraceReader reader = Samples.reader(Samples.resource("cplusplus.ltrace"))) {
      TraceSummary summary = TraceSummary.of(reader);
      assertEquals(27, summary.allocates());
      assertEquals(27, summary.frees());
      assertEquals(0, summary.finalLiveBytes());
      assertEquals(Map.of(), reader.oddities());
    }
  }

  @Test
  void shouldLetFreeCountWhenItBegins() throws TraceException {
    String log =
        """
        7 malloc(16) = 0x10
        7 free(0x10 <unfinished ...>
        8 malloc(24) = 0x10
        7 <... free resumed> ) = <void>
        8 free(0x10) = <void>
        """;
    try (TraceReader reader = Samples.reader(log)) {
      assertEquals("a 0 16\nf 0\nt 1\na 1 24\nf 1\n", Samples.text(reader));
      assertEquals(Map.of(), reader.oddities());
    }
  }

  @Test
  void shouldReadCallsOfLtraceThatDoNothing() throws TraceException {
    String log =
        """
        10:00:00.5 a.out->realloc(0, 8) = 0x10
        10:00:01 a.out->realloc(0x10, 0) = 0
        10:00:02 a.out->free(nil) = <void>
        10:00:02.25 a.out->malloc(1152921504606846976) = 0
        10:00:03.5 operator new(unsigned long)(40, 1) = 0x20
        10:00:04.5 operator delete(void*)(0x20, 1) = <void>
        """;
    try (TraceReader reader = Samples.reader(log)) {
      assertEquals("a 0 8\nf 0\na 1 40\nf 1\n", Samples.text(reader));
      assertEquals(Map.of(FAILED, 2L), reader.oddities());
      assertEquals(Optional.of(Duration.ofSeconds(4)), reader.span());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "malloc(8) = 0x10;malloc(16|the call has no result: `) = RESULT` is missing",
        "malloc(8) = 0x10;malloc(x) = 0x20|size is not a number",
        "malloc(8) = 0x10;calloc(8) = 0x20|size is missing",
        "malloc(8) = 0x10;free() = <void>|address is missing",
        "malloc(8) = 0x10;memalign(3, 8) = 0x20|alignment 3 is no power of two",
        "malloc(8) = 0x1g|result is not a number",
        "malloc(8) = 0x10;calloc(4294967296, 4294967296) = 0x2|the product of count and size is"
            + " too large",
      })
  void shouldRefuseCallOfLtrace(String lines, String reason) throws TraceException {
    assertEquals(reason, reason(lines));
  }

  @Test
  void shouldReadSlabEventsOfTracefs() throws TraceException {
    try (TraceReader reader = Samples.reader(Samples.resource("kmem.ftrace"))) {
      TraceSummary summary = TraceSummary.of(reader);
      assertEquals(TraceFormat.FTRACE, reader.format());
      assertEquals("linux", summary.program());
      assertEquals(24, summary.allocates());
      assertEquals(8, summary.frees());
      assertEquals(2, summary.threads());
      assertEquals(7424, summary.peakLiveBytes());
      assertEquals(71L, reader.oddities().get(FOREIGN));
      assertEquals(68L, reader.oddities().get("page events"));
      assertEquals(Optional.of(Duration.ofNanos(137_851_000)), reader.span());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  sh-1  [001] d..1. 1.5: kmalloc: call_site=f ptr=00000000abcd bytes_req=8 bytes_alloc=8",
        "  a b-1  [001] 1.5: kmalloc:  (f+0x1) call_site=f ptr=0xabcd bytes_req=8 bytes_alloc=8",
        "  sh  1  [001]  1.5:  kmem:kmalloc: call_site=f ptr=0xabcd bytes_req=8 bytes_alloc=8",
        "  k/[x]-1 [001]  1.5: kmalloc_node: call_site=f ptr=0xabcd bytes_req=8 node=1",
      })
  void shouldReadSlabEventAsEachToolPrintsIt(String line) throws TraceException {
    String free = "\n x-1 [000] 2.5: kfree: call_site=f ptr=ffff\n x-1 [000] 3: kfree: ptr=(nil)";
    try (TraceReader reader = Samples.reader(line + free)) {
      assertEquals("a 0 8\nt 1\n", Samples.text(reader));
      assertEquals(Map.of(FOREIGN, 1L, FAILED, 1L), reader.oddities());
    }
  }

  @Test
  void shouldCountWhatKernelHidesOrLoses() throws TraceException {
    String log =
        """
        # tracer: nop
        CPU:1 [LOST 17 EVENTS]
         x-1 [000] 1.5: kmalloc: ptr=(____ptrval____) bytes_req=8
         x-1 [000] 1.5: kmalloc: ptr=10 bytes_req=8
         x-1 [000] 1.5: kmalloc: ptr=10 bytes_req=9
         => some_function
        """;
    try (TraceReader reader = Samples.reader(log)) {
      assertEquals("a 0 8\nf 0\na 1 9\n", Samples.text(reader));
      assertEquals(
          Map.of(
              MISSED,
              1L,
              "events whose pointer the kernel hid, left out",
              1L,
              "places where the tool lost events",
              1L),
          reader.oddities());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello|no [CPU] is found, as each event has it",
        " x-1 [000] 1|no time and colon follow the CPU",
        " x-1 [000] 1x: kfree: ptr=10|time is not a number",
        " x-1 [000] 1.5: kfree ptr=10|no event's name and colon follow the time",
        " x-1 [000] 1.5: kfree: call_site=f|the event kfree lacks ptr=",
        " x-1 [000] 1.5: kfree: ptr=xyz|ptr is not a number",
        " x-1 [000] 1.5: kmalloc: ptr=10 bytes_req=-1|bytes_req is not a number",
        " x-1 [99999] 1.5: kfree: ptr=10|CPU 99999 is not below 32768",
      })
  void shouldRefuseTraceEvent(String line, String reason) throws TraceException {
    assertEquals(reason, reason("# tracer: nop\n" + line));
  }

  private static String reason(String lines) throws TraceException {
    try (TraceReader reader = Samples.reader(lines.replace(';', '\n'))) {
      return assertThrows(TraceException.class, () -> TraceSummary.of(reader)).reason();
    }
  }
}
