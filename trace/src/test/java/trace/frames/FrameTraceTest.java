package trace.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trace.TraceException;
import trace.TraceFormat;

class FrameTraceTest {
  private static final String EVENTS =
      """
      # quarry frame trace v1  program=linux
      tier physmem
      p 0 0 1
      t 3
      p 1 9 66
      q 0
      p 2 3 20
      t 0
      q 2
      """;

  @Test
  void shouldReadTextAndWriteItAgain() throws TraceException {
    FrameSummary summary = summary(EVENTS);
    assertEquals(
        new FrameSummary(
            "linux", 5, 3, 2, 4, 520, 512, List.of(1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 1L)),
        summary);
    assertEquals(EVENTS.lines().skip(2).toList(), text(reader(EVENTS)).lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p 0 0 0|the first line is not `tier physmem`",
        "tier physmem;a 0 0|an event begins with one of p q t",
        "tier physmem;p 0 21 0|ORDER 21 is not below 21",
        "tier physmem;p 0 0 128|FLAGS 128 is not below 128",
        "tier physmem;p 0 0|FLAGS is missing",
        "tier physmem;p 0 0 0;p 0 0 0|block 0 is allocated a second time",
        "tier physmem;p 0 0 0;q 0;p 0 0 0|block 0 is allocated a second time",
        "tier physmem;q 0|block 0 is not allocated",
        "tier physmem;t 32768|CPU 32768 is not below 32768",
        "tier physmem;p 0 0 0 0|something follows the last field",
      })
  void shouldRefuseLine(String lines, String reason) {
    TraceException failure =
        assertThrows(
            TraceException.class,
            () -> FrameSummary.of(new FrameTextReader(source(lines.replace(';', '\n')))));
    assertEquals(reason, failure.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kmem.ftrace", "tracecmd.ftrace", "perf.ftrace"})
  void shouldGiveSameEventsAfterRoundTrip(String name) throws TraceException {
    byte[] log = resource(name);
    FrameSummary first = FrameSummary.of(FrameReader.of(new ByteArrayInputStream(log), name));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (FrameReader reader = FrameReader.of(new ByteArrayInputStream(log), name);
        FrameWriter writer = FrameWriter.to(bytes, "text")) {
      writer.header(first, "a remark");
      writer.writeAll(reader);
    }
    try (FrameReader again =
        FrameReader.of(new ByteArrayInputStream(bytes.toByteArray()), "text")) {
      assertEquals(TraceFormat.FRAMES, again.format());
      assertEquals(first, FrameSummary.of(again));
    }
  }

  /** Counted with grep and by hand in the recording. */
  @Test
  void shouldReadPageEvents() throws TraceException {
    try (FrameReader reader =
        FrameReader.of(new ByteArrayInputStream(resource("kmem.ftrace")), "kmem.ftrace")) {
      FrameSummary summary = FrameSummary.of(reader);
      assertEquals(21, summary.allocations());
      assertEquals(List.of(20L, 1L), summary.ofOrder());
      assertEquals(2, summary.cpus());
      assertEquals(9L, reader.oddities().get("mm_page_alloc_zone_locked: the kernel's own doing"));
    }
  }

  @Test
  void shouldUnderstandPageEvents() throws TraceException {
    String log =
        """
        # tracer: nop
         x-1 [002] 1.0: mm_page_alloc: page=1 pfn=0x40 order=2 migratetype=1 gfp_flags=A|__GFP_ZERO
         x-1 [000] 1.1: mm_page_alloc: page=1 pfn=16 order=0 migratetype=2 gfp_flags=GFP_DMA32
         x-1 [000] 1.1: mm_page_alloc: page=(null) pfn=0x0 order=9 migratetype=0 gfp_flags=
         x-1 [000] 1.2: mm_page_free_batched: page=1 pfn=0x10 order=0
         x-1 [000] 1.3: mm_page_free: page=1 pfn=0x40 order=1
         x-1 [000] 1.3: mm_page_free: page=1 pfn=0x43 order=0
         x-1 [000] 1.3: mm_page_free: page=1 pfn=0x42 order=0
         x-1 [000] 1.4: mm_page_free: page=1 pfn=0x99 order=0
        """;
    try (FrameReader reader = reader(log)) {
      assertEquals("p 0 2 65\nt 1\np 1 0 6\nq 1\nq 0\n", text(reader));
      assertEquals(
          Map.of(
              "allocations that failed, left out",
              1L,
              "blocks freed in parts: parts",
              3L,
              "frees of blocks born before the log, left out",
              1L),
          reader.oddities());
    }
  }

  @Test
  void shouldSayThatTraceIsOfAnotherTier() {
    TraceException failure = assertThrows(TraceException.class, () -> reader("a 0 8\n"));
    assertEquals("is a Quarry trace text: it holds no events of page frames", failure.reason());
  }

  private static FrameSummary summary(String text) throws TraceException {
    try (FrameReader reader = reader(text)) {
      return FrameSummary.of(reader);
    }
  }

  private static FrameReader reader(String text) throws TraceException {
    return FrameReader.of(stream(text), "sample");
  }

  private static trace.LineSource source(String text) throws TraceException {
    return trace.LineSource.of(stream(text), "sample");
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(FrameReader reader) throws TraceException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (FrameWriter writer = FrameWriter.to(bytes, "text")) {
      writer.writeAll(reader);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            FrameTraceTest.class.getResourceAsStream("/samples/" + name), name)) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
