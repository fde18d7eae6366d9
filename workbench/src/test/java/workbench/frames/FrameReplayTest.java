package workbench.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hardware.api.map.FirmwareMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.ZoneReport;
import trace.TraceException;
import trace.frames.FrameReader;
import trace.frames.FrameSummary;
import workbench.PlainKernel;
import workbench.ReplayRequest;
import workbench.Warmup;

final class FrameReplayTest {
  private static final Path BOOT =
      PlainKernel.SAMPLES.resolve("traces").resolve("linux61-boot-256m.frames.trace.gz");

  private final Kernel kernel = PlainKernel.full();
  private final FirmwareMap map = PlainKernel.sample("qemu-pc-512m.txt");

  @TempDir private Path directory;

  private Path trace(String... lines) throws IOException {
    Path file = directory.resolve("small.trace");
    Files.writeString(file, "tier physmem\n" + String.join("\n", lines) + "\n");
    return file;
  }

  private ReplayRequest request(Path trace, String provider, FirmwareMap on, boolean keep) {
    return new ReplayRequest(
        trace,
        Optional.empty(),
        new BootSpec(on, true, Map.of(Tier.PHYSMEM, provider), List.of()),
        Warmup.NONE,
        true,
        keep,
        Optional.empty(),
        (position, total) -> {});
  }

  private FrameOutcome run(Path trace, String provider) throws IOException {
    return new FrameReplay(kernel).run(request(trace, provider, map, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"buddy", "llfree", "bitmap", "arena"})
  void shouldReplayWhatLinuxAskedForAtBoot(String provider) throws IOException {
    FrameOutcome outcome = run(BOOT, provider);
    assertTrue(outcome.good(), outcome.damage() + " " + outcome.aftermath());
    FrameFigures figures = outcome.figures();
    assertEquals(8_015, figures.operations()); // as the trace's first line says
    assertEquals(5_302, figures.allocations());
    assertEquals(4_342, figures.peakFrames());
    FrameSummary summary;
    try (FrameReader reader = FrameReader.open(BOOT)) {
      summary = FrameSummary.of(reader);
    }
    assertEquals(summary.peakFrames(), figures.peakFrames());
    assertEquals(summary.finalFrames(), figures.finalFrames());
    assertEquals(summary.allocations() - summary.frees(), figures.finalBlocks());
  }

  @ParameterizedTest
  @ValueSource(strings = {"buddy", "llfree", "bitmap", "arena"})
  void shouldAddUpFreeBlocksToFreeFrames(String provider) throws IOException {
    FrameOutcome outcome = run(BOOT, provider);
    FreeSpace space = outcome.freeSpace();
    long managed = outcome.zones().stream().mapToLong(ZoneReport::managed).sum();
    long others = managed - space.frames() - outcome.figures().finalFrames();
    assertTrue(others >= 0 && others < 64, "frames of page tables of the boot: " + others);
    assertEquals((double) space.cached() / space.frames(), space.unusable(0));
  }

  @Test
  void shouldGoOnAfterAFailureAndPassOverItsFree() throws IOException {
    Path trace = trace("p 0 10 0", "p 1 10 0", "p 2 10 0", "p 3 0 0", "q 1", "q 2", "q 0");
    ReplayRequest request = request(trace, "buddy", PlainKernel.ram(12L << 20), false);
    FrameOutcome outcome = new FrameReplay(kernel).run(request);
    FrameFigures figures = outcome.figures();
    assertTrue(figures.failures() >= 1 && figures.failures() <= 2, figures.toString());
    assertEquals(figures.failures() << 10, figures.failedFrames());
    assertEquals(1, figures.finalFrames());
    assertEquals(0, figures.damage());
    assertFalse(outcome.good());
    assertTrue(outcome.aftermath().good(), outcome.aftermath().toString());
  }

  @Test
  void shouldCountAnOrderAboveTheLargestAsAFailure() throws IOException {
    FrameOutcome outcome = run(trace("p 0 20 1", "q 0"), "buddy");
    assertEquals(1, outcome.figures().failures());
    assertEquals(0, outcome.figures().peakFrames());
  }

  @Test
  void shouldKeepZonesAndFoldCpus() throws IOException {
    FrameOutcome outcome = run(trace("t 9", "p 0 2 8", "t 3", "p 1 3 4", "q 0"), "buddy");
    assertTrue(outcome.good(), outcome.damage().toString());
    assertEquals(10, outcome.figures().cpus());
    assertEquals(8, outcome.figures().finalFrames());
  }

  @Test
  void shouldLeaveARunningSystemAsItWas() throws IOException {
    try (BootedSystem system = kernel.boot(BootSpec.of(map))) {
      long free = system.frames().freeFrames();
      FrameOutcome outcome =
          new FrameReplay(kernel).runOn(request(BOOT, "buddy", map, false), system);
      assertEquals(4_342, outcome.figures().peakFrames());
      assertEquals(free, system.frames().freeFrames());
      Path broken = trace("p 0 4 0", "p 1 4 0", "q 0", "q 7");
      assertThrows(
          TraceException.class,
          () -> new FrameReplay(kernel).runOn(request(broken, "buddy", map, false), system));
      assertEquals(free, system.frames().freeFrames());
      new FrameReplay(kernel).runOn(request(trace("p 0 4 0"), "buddy", map, true), system);
      assertEquals(free - 16, system.frames().freeFrames());
    }
  }

  @Test
  void shouldNoticeABlockThatOverlapsOrHasLeftItsZone() throws IOException {
    Path file = trace("p 0 1 0", "p 1 1 0", "p 2 1 8", "p 3 1 0", "p 4 1 0");
    try (BootedSystem system = kernel.boot(BootSpec.of(map));
        FrameReader reader = FrameReader.open(file)) {
      FrameShadow shadow = new FrameShadow(system, false);
      FrameBatch batch = new FrameBatch();
      assertTrue(batch.read(reader));
      shadow.look(batch, 0, 0x2000);
      assertEquals(List.of(), shadow.findings().first());
      shadow.look(batch, 1, 0x2000);
      shadow.look(batch, 2, 0x3000);
      shadow.look(batch, 3, 0x4001);
      shadow.look(batch, 4, 0xA0); // the hole for graphics memory
      List<String> found = shadow.findings().first();
      assertEquals(4, found.size(), found.toString());
      assertTrue(found.get(0).startsWith("block 1: ") && found.get(0).contains("overlap"));
      assertTrue(found.get(1).contains("above the zone"), found.get(1));
      assertTrue(found.get(2).contains("not aligned"), found.get(2));
      assertTrue(found.get(3).contains("not all RAM"), found.get(3));
    }
  }

  @Test
  void shouldComputeTheUnusableFreeSpaceIndex() {
    FreeSpace space = new FreeSpace(List.of(4L, 0L, 2L, 1L), 4);
    assertEquals(4 + 4 + 8 + 8, space.frames());
    assertEquals(3, space.largestOrder());
    assertEquals(4.0 / 24, space.unusable(0));
    assertEquals(8.0 / 24, space.unusable(2));
    assertEquals(16.0 / 24, space.unusable(3));
    assertEquals(1.0, space.unusable(4));
    assertEquals(-1, new FreeSpace(List.of(0L), 0).largestOrder());
    assertEquals(0.0, new FreeSpace(List.of(), 0).unusable(0));
  }

  @Test
  void shouldWriteTheDocumentedKeys() throws IOException {
    JsonObject object = JsonParser.parseString(run(BOOT, "llfree").toJson()).getAsJsonObject();
    assertEquals("physmem", object.get("tier").getAsString());
    assertEquals("llfree", object.getAsJsonObject("stack").get("physmem").getAsString());
    assertEquals(4_342, object.getAsJsonObject("peak").get("liveFrames").getAsLong());
    assertEquals(5_302, object.getAsJsonObject("changes").get("alloc").getAsLong());
    JsonObject space = object.getAsJsonObject("freeSpace");
    assertEquals(space.getAsJsonArray("blocks").size(), space.getAsJsonArray("unusable").size());
    assertTrue(object.get("good").getAsBoolean());
  }
}
