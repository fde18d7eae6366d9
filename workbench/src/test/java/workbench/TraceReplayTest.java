package workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hardware.api.map.FirmwareMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kernel.api.BootException;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trace.ReplayReport;
import trace.ReplayResult;
import trace.TraceException;

final class TraceReplayTest {
  private static final String SQLITE = "sqlite3-words.trace.gz";
  private static final String QEMU = "qemu-pc-512m.txt";

  private final Kernel kernel = PlainKernel.create();
  private final TraceReplay replay = new TraceReplay(kernel);

  @TempDir private Path directory;

  private static Path sample(String trace) {
    return PlainKernel.SAMPLES.resolve("traces").resolve(trace);
  }

  private static ReplayRequest request(Path trace, FirmwareMap map) {
    return request(trace, map, false, Optional.empty());
  }

  private static ReplayRequest request(
      Path trace, FirmwareMap map, boolean keep, Optional<Path> placements) {
    return new ReplayRequest(
        trace,
        Optional.empty(),
        BootSpec.of(map),
        Warmup.NONE,
        true,
        keep,
        placements,
        (position, total) -> {});
  }

  private static void assertGood(ReplayOutcome outcome) {
    for (CheckLine line : outcome.checks()) {
      assertTrue(line.good(), line.toString());
    }
    assertEquals(List.of(), outcome.report().result().firstCorruptions());
    assertEquals(0, outcome.report().result().failures());
    assertTrue(outcome.good(), outcome.end().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {QEMU, "laptop-efi-16g.txt", "server-64g-numa.txt", "board-arm64-2g-iomem.txt"})
  void shouldReplayOnEveryShippedMap(String map) throws IOException {
    ReplayOutcome outcome = replay.run(request(sample(SQLITE), PlainKernel.sample(map)));
    assertGood(outcome);
    ReplayResult result = outcome.report().result();
    assertEquals(96_164, result.operations()); // as the trace's first line says
    assertEquals(697_184, result.peak().liveBytes());
    assertEquals(623, result.peak().liveBlocks());
    assertTrue(result.peak().footprintBytes() >= result.peak().liveBytes());
    assertTrue(result.peak().frames() * 4096 >= result.peak().footprintBytes());
    assertTrue(result.peak().pageTableFrames() >= 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"perl-words.trace.gz", "python3-threads.trace.gz"})
  void shouldReplayEveryShippedTrace(String trace) throws IOException {
    assertGood(replay.run(request(sample(trace), PlainKernel.sample(QEMU))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpkg-query", "git-log-stat", "nginx-ab"})
  void shouldReplayTracesOfTheCorpus(String trace) throws IOException {
    String corpus = System.getProperty("quarry.corpus", "");
    Path file = Path.of(corpus, "traces", trace + ".trace.gz");
    assumeTrue(!corpus.isEmpty() && Files.exists(file), "needs -Dquarry.corpus=DIRECTORY");
    assertGood(replay.run(request(file, PlainKernel.sample(QEMU))));
  }

  @ParameterizedTest
  @ValueSource(ints = {96, 128, 200, 333, 512, 700})
  void shouldCountFailuresOnAMachineThatIsTooSmallAndDamageNothing(int kib) throws IOException {
    ReplayOutcome outcome = replay.run(request(sample(SQLITE), PlainKernel.ram((long) kib << 10)));
    assertTrue(outcome.report().result().failures() > 0);
    assertEquals(0, outcome.report().result().corruptions());
    for (CheckLine line : outcome.checks()) {
      assertTrue(line.good(), line.toString());
    }
    assertTrue(outcome.end().home(), outcome.end().toString());
    assertFalse(outcome.good());
    ReplayResult result = outcome.report().result();
    assertTrue(result.peak().frames() <= kib / 4, "more frames than the machine has");
  }

  @Test
  void shouldGiveTheSameFiguresEachTime() throws IOException {
    FirmwareMap map = PlainKernel.sample(QEMU);
    ReplayResult one = replay.run(request(sample(SQLITE), map)).report().result();
    ReplayResult two = replay.run(request(sample(SQLITE), map)).report().result();
    assertEquals(one.peak(), two.peak());
    assertEquals(one.last(), two.last());
  }

  @Test
  void shouldGiveTheSameFiguresAfterAWarmUp() throws IOException {
    FirmwareMap map = PlainKernel.sample(QEMU);
    ReplayRequest cold = request(sample(SQLITE), map);
    ReplayRequest warm =
        new ReplayRequest(
            cold.trace(),
            cold.format(),
            cold.stack(),
            Warmup.exactly(1),
            true,
            false,
            cold.placements(),
            cold.progress());
    ReplayReport report = replay.run(warm).report();
    assertEquals(96_164, report.warmed());
    assertEquals(replay.run(cold).report().result().peak(), report.result().peak());
  }

  @Test
  void shouldWriteTheJsonObjectThatIsDocumented() throws IOException {
    ReplayReport report = replay.run(request(sample(SQLITE), PlainKernel.sample(QEMU))).report();
    JsonObject object = JsonParser.parseString(report.toJson()).getAsJsonObject();
    assertEquals(
        Set.of(
            "trace",
            "operations",
            "stack",
            "map",
            "failures",
            "corruptions",
            "peak",
            "final",
            "wallNanos",
            "warmupOperations"),
        object.keySet());
    assertEquals(
        "{\"physmem\":\"buddy\",\"vmem\":\"arena\",\"heap\":\"dl\"}",
        object.get("stack").toString());
    for (String levels : List.of("peak", "final")) {
      assertEquals(
          Set.of("liveBytes", "liveBlocks", "footprintBytes", "frames", "pageTableFrames"),
          object.getAsJsonObject(levels).keySet());
    }
    assertEquals(13_033, object.getAsJsonObject("final").get("liveBytes").getAsLong());
    assertFalse(report.toJson().contains("\n"));
  }

  @Test
  void shouldWriteAPlacementPerBirth() throws IOException {
    Path file = directory.resolve("placements");
    ReplayOutcome outcome =
        replay.run(request(sample(SQLITE), PlainKernel.sample(QEMU), false, Optional.of(file)));
    List<String> lines = Files.readAllLines(file);
    assertEquals(48_256, lines.size()); // ids of the trace
    assertEquals("0 10", lines.getFirst());
    Set<String> ids = new HashSet<>();
    for (String line : lines) {
      assertTrue(line.matches("[0-9]+ (0|[1-9a-f][0-9a-f]*)"), line);
      String[] parts = line.split(" ", -1);
      assertTrue(ids.add(parts[0]), line);
      long offset = Long.parseLong(parts[1], 16);
      assertTrue(offset < outcome.report().result().peak().footprintBytes(), line);
    }
  }

  @Test
  void shouldKeepTheMachineAsItIsIfAsked() throws IOException {
    ReplayOutcome outcome =
        replay.run(request(sample(SQLITE), PlainKernel.sample(QEMU), true, Optional.empty()));
    assertTrue(outcome.kept());
    assertTrue(outcome.good(), outcome.toString());
    assertFalse(outcome.end().home());
    assertEquals(0, outcome.report().result().leakedBlocks());
    assertTrue(
        outcome.checks().stream().anyMatch(line -> line.finding().startsWith("16 live")),
        outcome.checks().toString());
  }

  @Test
  void shouldReplayOnASystemThatStays() throws IOException {
    FirmwareMap map = PlainKernel.sample(QEMU);
    try (BootedSystem system = kernel.boot(BootSpec.of(map))) {
      ReplayOutcome outcome = replay.runOn(request(sample(SQLITE), map), system);
      assertEquals(16, outcome.report().result().leakedBlocks());
      assertEquals(0, system.heap().census().liveCount());
      for (CheckLine line : system.check()) {
        assertTrue(line.good(), line.toString());
      }
    }
  }

  @Test
  void shouldNameThePlaceOfAMalformedLineAndLeaveNoMachine() throws IOException {
    Path trace = directory.resolve("bad.trace");
    Files.writeString(trace, "a 0 100\nf 0\nf 0\n");
    TraceException e =
        assertThrows(
            TraceException.class, () -> replay.run(request(trace, PlainKernel.sample(QEMU))));
    assertTrue(String.valueOf(e.getMessage()).contains("bad.trace:3:"), e.getMessage());
  }

  @Test
  void shouldRefuseAMachineWithoutRoomForItsTables() {
    assertThrows(
        BootException.class, () -> replay.run(request(sample(SQLITE), PlainKernel.ram(4096))));
  }
}
