package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayerTest {
  private final FirstFitHeap heap = new FirstFitHeap(1 << 20);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReplayEveryKindOfEvent(boolean check) throws TraceException {
    ReplayResult result =
        replay(new Replayer(heap, 2).checking(check), Samples.resource("kinds.trace"));
    assertEquals(11, result.operations());
    assertEquals(0, result.failures());
    assertEquals(0, result.corruptions(), result.firstCorruptions().toString());
    assertEquals(1360, result.peak().liveBytes());
    assertEquals(3, result.peak().liveBlocks());
    assertEquals(7, result.last().liveBytes());
    assertEquals(1, result.last().liveBlocks());
    assertEquals(1, result.leakedBlocks());
    assertTrue(result.last().footprintBytes() >= 7);
    assertEquals(heap.peakFootprint(), result.peak().footprintBytes());
    assertTrue(result.wallNanos() > 0);
    assertTrue(heap.blocks.isEmpty(), heap.blocks.toString());
    assertEquals(0, heap.openPorts);
  }

  @Test
  void shouldKeepLeakedBlocksWhenAsked() throws TraceException {
    ReplayResult result = replay(new Replayer(heap, 1).keeping(true), "a 0 10\na 1 20\nf 0\n");
    assertEquals(0, result.leakedBlocks());
    assertEquals(1, heap.blocks.size());
  }

  @Test
  void shouldRunThreadsOnCpusModuloTheirNumber() throws TraceException {
    replay(new Replayer(heap, 2), "a 0 1\nt 1\na 1 1\nt 2\na 2 1\nt 3\na 3 1\nt 1\na 4 1\n");
    assertEquals(List.of(0, 1), heap.cpusOpened);
    assertEquals(List.of(0, 1, 0, 1, 1), heap.cpusCalled);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGoOnAfterFailuresAsProgramInCWould(boolean check) throws TraceException {
    heap.refuseAbove = 1000;
    ReplayResult result =
        replay(
            new Replayer(heap, 1).checking(check),
            """
            a 0 9223372036854775807
            f 0
            a 1 5000
            r 1 2 500
            a 3 400
            r 3 4 2000
            f 4
            c 5 100 100
            m 6 64 1001
            a 7 0
            r 7 8 3
            """);
    assertEquals(5, result.failures());
    assertEquals(0, result.corruptions(), result.firstCorruptions().toString());
    assertEquals(500 + 3, result.last().liveBytes());
    assertEquals(2, result.last().liveBlocks());
    assertEquals(900, result.peak().liveBytes());
    assertTrue(heap.blocks.isEmpty(), heap.blocks.toString());
  }

  @Test
  void shouldFindBlockThatWasNotZeroed() throws TraceException {
    heap.forgetsToZero = true;
    Corruption found = onlyCorruption("a 0 64\nf 0\nc 1 8 8\nf 1\n");
    assertEquals(Corruption.Kind.NOT_ZERO, found.kind());
    assertEquals(2, found.event());
    assertEquals(1, found.id());
    assertEquals(0, found.expected());
  }

  @Test
  void shouldFindMisalignedBlock() throws TraceException {
    heap.forgetsToAlign = true;
    Corruption found = onlyCorruption("a 0 64\nm 1 4096 8\n");
    assertEquals(
        "event 1: block 1 at 0xffff800000000040: is not aligned as asked", found.toString());
  }

  @Test
  void shouldFindBytesThatResizeLost() throws TraceException {
    heap.forgetsToCopy = true;
    Corruption found = onlyCorruption("a 0 40\nr 0 1 100\n");
    assertEquals(Corruption.Kind.NOT_PRESERVED, found.kind());
    assertEquals(0, found.id());
  }

  @Test
  void shouldFindOverlapWhenEarlierBlockIsLookedAt() throws TraceException {
    heap.overlapsNext = true;
    Corruption found = onlyCorruption("a 0 32\na 1 48\nf 0\n");
    assertEquals(Corruption.Kind.CONTENT, found.kind());
    assertEquals(2, found.event());
    assertEquals(0, found.id());
    assertEquals(24, found.offset());
    assertEquals(BlockPattern.byteAt(0, 24), found.expected());
    assertEquals(BlockPattern.byteAt(1, 0), found.found());
  }

  @Test
  void shouldFindOverlapOfBlocksThatAreNeverFreed() throws TraceException {
    heap.overlapsNext = true;
    Corruption found = onlyCorruption("a 0 32\na 1 48\n");
    assertEquals(2, found.event());
  }

  @Test
  void shouldFindBlockOutsideMemoryWithoutTouchingIt() throws TraceException {
    heap.placesOutside = true;
    Corruption found = onlyCorruption("a 0 100\nf 0\n");
    assertEquals(Corruption.Kind.OUTSIDE, found.kind());
  }

  @Test
  void shouldKeepFirstCorruptionsOnly() throws TraceException {
    heap.forgetsToZero = true;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i += 2) {
      text.append("a %d 8\nf %d\nc %d 8 1\nf %d\n".formatted(i, i, i + 1, i + 1));
    }
    ReplayResult result = replay(new Replayer(heap, 1).checking(true), text.toString());
    assertEquals(30, result.corruptions());
    assertEquals(ReplayResult.KEPT_CORRUPTIONS, result.firstCorruptions().size());
  }

  @Test
  void shouldAgreeWithSummaryOnRandomTraces() throws TraceException {
    var shape = new SyntheticTrace.Shape(20_000, 3, 200, 4, 2000);
    for (long seed = 1; seed <= 6; seed++) {
      TraceSummary summary = TraceSummary.of(new SyntheticTrace(seed, shape));
      for (boolean check : new boolean[] {false, true}) {
        FirstFitHeap fresh = new FirstFitHeap(1 << 22);
        ReplayResult result =
            new Replayer(fresh, 2).checking(check).replay(new SyntheticTrace(seed, shape));
        String message = "seed " + seed + " check " + check;
        assertEquals(summary.operations(), result.operations(), message);
        assertEquals(summary.peakLiveBytes(), result.peak().liveBytes(), message);
        assertEquals(summary.peakLiveBlocks(), result.peak().liveBlocks(), message);
        assertEquals(summary.finalLiveBytes(), result.last().liveBytes(), message);
        assertEquals(summary.finalLiveBlocks(), result.leakedBlocks(), message);
        assertEquals(0, result.failures() + result.corruptions(), message);
        assertTrue(fresh.blocks.isEmpty(), message);
      }
    }
  }

  @Test
  void shouldTellPlacementsInOrderOfBirths() throws TraceException {
    List<String> placed = new ArrayList<>();
    Replayer replayer =
        new Replayer(heap, 1).placements((id, address) -> placed.add(id + "@" + (address & 0xfff)));
    heap.refuseAbove = 100;
    replay(replayer, "a 0 16\na 1 16\nf 0\na 2 8\na 3 101\nr 1 4 30\n");
    assertEquals(List.of("0@0", "1@16", "2@0", "4@32"), placed);
  }

  @Test
  void shouldWritePlacementsRelativeToLowestAddress() throws TraceException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PlacementWriter writer = PlacementWriter.create()) {
      writer.placed(0, FirstFitHeap.BASE + 0x1ab0);
      writer.placed(17, FirstFitHeap.BASE);
      writer.writeTo(bytes, "out", FirstFitHeap.BASE);
    }
    assertEquals("0 1ab0\n17 0\n", bytes.toString(StandardCharsets.US_ASCII));
  }

  @Test
  void shouldFreeEverythingWhenTraceBreaksOff() throws TraceException {
    try (TraceReader reader = Samples.reader("a 0 10\na 1 20\nbroken\n")) {
      Replayer replayer = new Replayer(heap, 1).checking(true);
      assertThrows(TraceException.class, () -> replayer.replay(reader));
    }
    assertTrue(heap.blocks.isEmpty(), heap.blocks.toString());
    assertEquals(0, heap.openPorts);
  }

  @Test
  void shouldStopAndFreeEverythingWhenInterrupted() {
    var shape = new SyntheticTrace.Shape(600_000, 1, 100, 1, 100);
    Replayer replayer =
        new Replayer(heap, 1).progress((position, total) -> Thread.currentThread().interrupt());
    assertThrows(CancellationException.class, () -> replayer.replay(new SyntheticTrace(1, shape)));
    assertTrue(Thread.interrupted());
    assertTrue(heap.blocks.isEmpty());
  }

  @Test
  void shouldTellProgressUpToTheEnd() throws TraceException {
    var shape = new SyntheticTrace.Shape(600_000, 1, 100, 1, 100);
    List<Long> positions = new ArrayList<>();
    new Replayer(heap, 1)
        .progress((position, total) -> positions.add(position * 1000 / total))
        .replay(new SyntheticTrace(1, shape));
    assertEquals(List.of(436L, 873L, 1000L), positions);
  }

  @Test
  void shouldAskProbeForFramesAtEnd() throws TraceException {
    List<String> asked = new ArrayList<>();
    Probe probe =
        new Probe() {
          @Override
          public void begin() {
            asked.add("begin");
          }

          @Override
          public Holdings current() {
            asked.add("current with " + heap.blocks.size());
            return new Holdings(1, 2, 3);
          }

          @Override
          public Holdings peak() {
            asked.add("peak");
            return new Holdings(4, 5, 6);
          }
        };
    ReplayResult result = replay(new Replayer(heap, 1).probe(probe), "a 0 10\n");
    assertEquals(List.of("begin", "current with 1", "peak"), asked);
    assertEquals(new Levels(10, 1, 1, 2, 3), result.last());
    assertEquals(new Levels(10, 1, 4, 5, 6), result.peak());
  }

  @Test
  void shouldReportAsJson() {
    ReplayResult result =
        new ReplayResult(
            9, 1, 2, List.of(), new Levels(1, 2, 3, 4, 5), new Levels(6, 7, 8, 9, 10), 3, 77);
    String json =
        new ReplayReport("a<b>.trace", "buddy", "arena", "dl", "pc.txt", 5, result).toJson();
    assertEquals(
        """
        {"trace":"a<b>.trace","operations":9,\
        "stack":{"physmem":"buddy","vmem":"arena","heap":"dl"},"map":"pc.txt",\
        "failures":1,"corruptions":2,\
        "peak":{"liveBytes":1,"liveBlocks":2,"footprintBytes":3,"frames":4,"pageTableFrames":5},\
        "final":{"liveBytes":6,"liveBlocks":7,"footprintBytes":8,"frames":9,"pageTableFrames":10},\
        "wallNanos":77,"warmupOperations":5}\
        """,
        json);
  }

  @Test
  void shouldRefuseMachineWithoutCpu() {
    var failure = assertThrows(IllegalArgumentException.class, () -> new Replayer(heap, 0));
    assertEquals("number of CPUs 0 is not at least 1", failure.getMessage());
  }

  @Test
  void shouldGiveBytesOfPatternAsWritten() {
    ArrayWindow window = new ArrayWindow(0, 64);
    for (int bytes = 0; bytes < 40; bytes++) {
      BlockPattern.fill(window, 5, bytes, 1234);
      assertEquals(BlockPattern.SAME, BlockPattern.difference(window, 5, bytes, 1234));
      for (int offset = 0; offset < bytes; offset++) {
        int expected = BlockPattern.byteAt(1234, offset);
        assertEquals(expected, window.getByte(5 + offset) & 0xff);
        window.putByte(5 + offset, (byte) ~expected);
        assertEquals(offset, BlockPattern.difference(window, 5, bytes, 1234));
        window.putByte(5 + offset, (byte) expected);
      }
    }
  }

  private Corruption onlyCorruption(String trace) throws TraceException {
    ReplayResult result = replay(new Replayer(heap, 1).checking(true), trace);
    assertEquals(1, result.corruptions(), result.firstCorruptions().toString());
    return result.firstCorruptions().getFirst();
  }

  private static ReplayResult replay(Replayer replayer, String trace) throws TraceException {
    return replay(replayer, Samples.ascii(trace));
  }

  private static ReplayResult replay(Replayer replayer, byte[] trace) throws TraceException {
    try (TraceReader reader = Samples.reader(trace)) {
      return replayer.replay(reader);
    }
  }
}
