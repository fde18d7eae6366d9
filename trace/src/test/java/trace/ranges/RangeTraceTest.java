package trace.ranges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trace.TraceException;
import trace.TraceFormat;

class RangeTraceTest {
  private static final String EVENTS =
      """
      m 0 8192 3
      x 1 65536 4096 1
      b 100
      k 1
      t 1
      s 1
      u 0 4096 4096
      p 0 0 4096 1
      o 0 0 4096 19
      r 0 7 12288
      e
      t 0
      s 0
      u 0 0 8192
      """;

  @Test
  void shouldReadTextAndWriteItAgain() throws TraceException {
    String text = "# program=p\ntier vmem\n" + EVENTS;
    try (RangeReader reader = reader(text)) {
      assertEquals(TraceFormat.RANGES, reader.format());
      RangeSummary sum = RangeSummary.of(reader);
      assertEquals(
          new RangeSummary(
              "p", 10, 3, 2, 1, 1, 1, 1, 2, 2, 8192 + 4096 + 100 + 12288 + 4096 + 100, 4, 4196),
          sum);
    }
    assertEquals(EVENTS, text(reader(text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m 0 100 3|BYTES 100 is no multiple of 4096",
        "m 0 0 3|BYTES is 0",
        "m 0 4096 32|PROT 32 is above 31",
        "m 0 4096 3;m 0 4096 3|range 0 is mapped a second time",
        "u 0 0 4096|range 0 is not mapped in space 0",
        "m 0 8192 3;u 0 4096 8192|8192 bytes at offset 4096 of range 0 are not all mapped",
        "m 0 8192 3;u 0 0 4096;p 0 0 4096 1|4096 bytes at offset 0 of range 0 are not all mapped",
        "m 0 4096 3;k 0|space 0 is in use",
        "s 1048576|SPACE 1048576 is not below 1048576",
        "m 0 9223372036854771712 3;m 1 8192 3|more than 2^63 bytes are mapped at once",
        "z|an event begins with one of m x o p u r b k e s t",
      })
  void shouldRefuseLine(String lines, String reason) throws TraceException {
    try (RangeReader reader = reader("tier vmem\n" + lines.replace(';', '\n'))) {
      TraceException failure = assertThrows(TraceException.class, () -> RangeSummary.of(reader));
      assertEquals(reason, failure.reason());
    }
  }

  /** Our own program: partial unmaps, maps over others, resizes, breaks, threads, fork, vfork. */
  @ParameterizedTest
  @ValueSource(strings = {"ranges.strace", "attached.strace"})
  void shouldReadLogOfStrace(String name) throws TraceException {
    try (RangeReader reader = reader(resource(name))) {
      RangeSummary sum = RangeSummary.of(reader);
      assertEquals(TraceFormat.STRACE, reader.format());
      assertEquals("v", sum.program());
      assertEquals(3, sum.spaces());
      assertEquals(5, sum.threads());
      assertEquals(2, sum.resizes());
      assertEquals(4, sum.breaks());
      assertEquals(49 + 1, sum.operations());
      assertEquals(39_575_552, sum.peakBytes());
      assertEquals(0, sum.finalBytes());
      assertEquals(
          Map.of(
              "calls that failed, left out",
              1L,
              "protected ranges that were mapped before the log, left out",
              4L,
              "unmapped ranges that were mapped before the log, left out",
              1L),
          reader.oddities());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ranges.strace", "attached.strace", "relative.strace"})
  void shouldGiveSameEventsAfterRoundTrip(String name) throws TraceException {
    RangeSummary first = RangeSummary.of(reader(resource(name)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RangeReader reader = reader(resource(name));
        RangeWriter writer = RangeWriter.to(bytes, "text")) {
      writer.header(first, "a remark");
      writer.writeAll(reader);
    }
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    assertEquals(first, RangeSummary.of(reader(text)));
    String events = text.substring(text.indexOf("tier vmem\n") + 10);
    assertEquals(events, text(reader(text)));
  }

  @Test
  void shouldTurnAddressesIntoIdsAndOffsets() throws TraceException {
    String log =
        """
        execve("/bin/x", ["x"], 0x1 /* 3 vars */) = 0
        brk(NULL) = 0x55000
        mmap(NULL, 12000, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x10000
        mmap(0x11000, 4096, PROT_READ, MAP_SHARED|MAP_FIXED, 3</a, b>, 0) = 0x11000
        munmap(0x11000, 4096) = 0
        mmap(0x12000, 8192, 0x3, 0x32, -1, 0) = 0x12000
        mprotect(0x10000, 12288, PROT_NONE) = 0
        mremap(0x12000, 8192, 4096, 0) = 0x12000
        mremap(0x10000, 4096, 8192, MREMAP_MAYMOVE) = 0x30000
        brk(0x56000) = 0x56000
        brk(0x99999000) = 0x56000
        munmap(0x90000, 4096) = 0
        mprotect(0x30000, 4096, 0x5 /* PROT_READ|PROT_EXEC */) = 0
        mmap(NULL, 0, PROT_NONE, MAP_PRIVATE, -1, 0) = -1 EINVAL (Invalid argument)
        +++ exited with 0 +++
        """;
    try (RangeReader reader = reader(log)) {
      assertEquals(
          """
          m 0 12288 3
          o 0 4096 4096 25
          u 0 4096 4096
          u 0 8192 4096
          x 1 73728 8192 3
          p 0 0 4096 0
          p 1 0 4096 0
          r 1 2 4096
          r 0 3 8192
          b 4096
          p 3 0 4096 5
          e
          """,
          text(reader));
      assertEquals(
          Map.of(
              "calls that failed, left out",
              1L,
              "unmapped ranges that were mapped before the log, left out",
              1L),
          reader.oddities());
    }
  }

  @Test
  void shouldGiveForkedProcessCopyAndThreadSameSpace() throws TraceException {
    String log =
        """
        1 10:00:00 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x10000
        1 10:00:01 clone(child_stack=0x1, flags=CLONE_VM|CLONE_FS, tls=0x2 <unfinished ...>
        2 10:00:01 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x20000
        1 10:00:02 <... clone resumed>, child_tidptr=0x3) = 2
        1 10:00:03 fork() = 3
        3 10:00:04 munmap(0x20000, 4096 <unfinished ...>
        3 10:00:05 <... munmap resumed>) = 0
        3 10:00:06 execve("/bin/y", ["y"], 0x1) = 0
        2 10:00:06 +++ exited with 0 +++
        1 10:00:06.5 +++ exited with 0 +++
        """;
    try (RangeReader reader = reader(log)) {
      assertEquals(
          """
          m 0 4096 17
          t 1
          m 1 4096 0
          t 0
          k 1
          t 2
          s 1
          u 1 0 4096
          e
          t 1
          s 0
          t 0
          e
          """,
          text(reader));
      assertEquals(Map.of(), reader.oddities());
      assertEquals(Optional.of(Duration.ofMillis(6500)), reader.span());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x10001|address 0x10001 is in mid-page",
        "mmap(NULL, 4096, PROT_READ) = 0x10000|flags is missing",
        "mmap(NULL, 4096, READ, MAP_PRIVATE, 3, 0) = 0x10000|the protection is neither PROT_... nor"
            + " a number",
        "mmap(NULL, 4096, PROT_READ, 7x, 3, 0) = 0x10000|flag 7x is not a number",
        "munmap(0x10000, 4096|the call has no result: `) = RESULT` is missing",
        "munmap(0x10000, 9223372036854775807) = 0|size 9223372036854775807 is 0, or too large for"
            + " its address",
        "brk(0x1) = 0x1y|result is not a number",
      })
  void shouldRefuseCall(String line, String reason) throws TraceException {
    try (RangeReader reader = reader("execve(\"/bin/x\", []) = 0\n" + line)) {
      TraceException failure = assertThrows(TraceException.class, () -> RangeSummary.of(reader));
      assertEquals(reason, failure.reason());
      assertEquals(2, failure.line());
    }
  }

  private static RangeReader reader(String text) throws TraceException {
    return RangeReader.of(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), "sample");
  }

  private static String text(RangeReader reader) throws TraceException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RangeWriter writer = RangeWriter.to(bytes, "text")) {
      writer.writeAll(reader);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            RangeTraceTest.class.getResourceAsStream("/samples/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
