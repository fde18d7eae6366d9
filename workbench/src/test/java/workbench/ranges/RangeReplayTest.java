package workbench.ranges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hardware.api.map.FirmwareMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FramePort;
import trace.ranges.RangeReader;
import trace.ranges.RangeSummary;
import vmem.api.FitPolicy;
import workbench.PlainKernel;
import workbench.ReplayRequest;
import workbench.Warmup;
import workbench.ranges.Mappings.Mapping;

final class RangeReplayTest {
  private static final Path PYTHON =
      PlainKernel.SAMPLES.resolve("traces").resolve("python3-maps.ranges.trace.gz");
  private static final long FRAME_MASK = 0x000F_FFFF_FFFF_F000L;

  private final Kernel kernel = PlainKernel.full();
  private final FirmwareMap map = PlainKernel.sample("qemu-pc-512m.txt");

  @TempDir private Path directory;

  private Path trace(String... lines) throws IOException {
    Path file = directory.resolve("small.trace");
    Files.writeString(file, "tier vmem\n" + String.join("\n", lines) + "\n");
    return file;
  }

  private ReplayRequest request(Path trace, String provider, FirmwareMap on, boolean keep) {
    return new ReplayRequest(
        trace,
        Optional.empty(),
        new BootSpec(on, true, Map.of(Tier.VMEM, provider), List.of()),
        Warmup.NONE,
        true,
        keep,
        Optional.empty(),
        (position, total) -> {});
  }

  private RangeOutcome run(Path trace, String provider) throws IOException {
    return new RangeReplay(kernel).run(request(trace, provider, map, false));
  }

  private RangeFigures figures(String... lines) throws IOException {
    RangeOutcome outcome = run(trace(lines), "arena");
    assertTrue(outcome.good(), outcome.figures() + " " + outcome.damage());
    return outcome.figures();
  }

  @ParameterizedTest
  @ValueSource(strings = {"arena", "tree", "bump"})
  void shouldReplayWhatPythonMapped(String provider) throws IOException {
    RangeOutcome outcome = run(PYTHON, provider);
    assertTrue(outcome.good(), outcome.damage() + " " + outcome.aftermath());
    RangeSummary summary;
    try (RangeReader reader = RangeReader.open(PYTHON)) {
      summary = RangeSummary.of(reader);
    }
    RangeFigures figures = outcome.figures();
    assertEquals(summary.operations(), figures.operations());
    assertEquals(summary.peakRanges(), figures.peak().ranges());
    long rounding = figures.peak().bytes() - summary.peakBytes(); // of breaks, up to a page each
    assertTrue(rounding >= 0 && rounding < 4096 * figures.peak().spaces(), "" + rounding);
    assertEquals(SpaceLevel.NOTHING, figures.last()); // every process has ended
    assertEquals(provider.equals("bump"), figures.reusedBytes() == 0);
    assertTrue(figures.extentBytes() >= figures.bornBytes() / summary.spaces());
  }

  @ParameterizedTest
  @CsvSource({"arena,300", "arena,900", "tree,900", "bump,900"})
  void shouldAgreeWithTheTablesInTheRam(String provider, long events) throws IOException {
    BootSpec stack = request(PYTHON, provider, map, false).stack();
    Path image = directory.resolve("ram");
    try (BootedSystem system = kernel.boot(stack);
        RangeReader reader = RangeReader.open(PYTHON);
        RangeRun run = new RangeRun(system, true)) {
      run.play(reader, events);
      run.look();
      assertEquals(List.of(), run.shadow().findings().first());
      assertFalse(run.spaces().isEmpty());
      system.machine().memory().dump(image);
      try (FileChannel ram = FileChannel.open(image)) {
        Set<Long> tables = new HashSet<>();
        long naive = 0;
        for (RangeSpace space : run.spaces()) {
          walk(ram, space.tables().space().root() & FRAME_MASK, 4, tables);
          naive += naiveTables(space.mappings());
        }
        assertEquals(tables.size(), run.figures().last().tableFrames());
        assertEquals(naive, run.figures().last().tableFrames());
      }
    }
  }

  // The root, and a table for each 512 GiB, 1 GiB and 2 MiB of addresses that holds a page.
  private static long naiveTables(Mappings mappings) {
    Set<List<Long>> tables = new HashSet<>();
    for (Mapping one : mappings.all()) {
      for (long page = one.start(); page < one.end(); page += 4096) {
        for (long shift = 21; PageTables.accessible(one.protection()) && shift < 48; shift += 9) {
          tables.add(List.of(shift, page >> shift));
        }
      }
    }
    return tables.size() + 1;
  }

  private static void walk(FileChannel ram, long table, int level, Set<Long> tables)
      throws IOException {
    assertTrue(tables.add(table), "a table is reached twice");
    ByteBuffer entries = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    ram.read(entries, table);
    for (int at = 0; at < 4096 && level > 1; at += Long.BYTES) {
      long entry = entries.getLong(at);
      if ((entry & 1) != 0) {
        walk(ram, entry & FRAME_MASK, level - 1, tables);
      }
    }
  }

  @Test
  void shouldKeepARangeUntilItsLastPage() throws IOException {
    RangeFigures figures =
        figures("m 0 16384 3", "u 0 4096 8192", "m 1 4096 3", "u 0 0 4096", "u 0 12288 4096");
    assertEquals(12_288, figures.peak().heldBytes());
    assertEquals(1, figures.last().ranges());
    assertEquals(0, figures.last().heldBytes());
    assertEquals(3, figures.flushes()); // one per unmap
    assertEquals(4, figures.flushedPages());
  }

  @Test
  void shouldJoinNeighboursThatAreAlikeOnly() throws IOException {
    assertEquals(1, figures("m 0 16384 3").last().mappings());
    assertEquals(3, figures("m 0 16384 3", "p 0 4096 4096 1").last().mappings());
    assertEquals(1, figures("m 0 16384 3", "p 0 4096 4096 1", "p 0 4096 4096 3").last().mappings());
    assertEquals(3, figures("m 0 16384 3", "o 0 4096 4096 19").last().mappings());
    assertEquals(2, figures("m 0 16384 3", "u 0 4096 4096").last().mappings());
    assertEquals(1, figures("m 0 16384 3", "o 0 4096 4096 3").last().mappings());
  }

  @Test
  void shouldGiveNoEntriesToPagesWithoutAccess() throws IOException {
    RangeFigures none = figures("m 0 1073741824 0");
    assertEquals(1, none.last().tableFrames()); // the root
    RangeFigures some = figures("m 0 1073741824 0", "p 0 8192 4096 3");
    assertEquals(4, some.last().tableFrames());
    assertEquals(0, some.flushes()); // nothing was cached that is not true any more
    RangeFigures gone = figures("m 0 1073741824 0", "p 0 8192 4096 3", "p 0 8192 4096 0");
    assertEquals(1, gone.last().tableFrames());
    assertEquals(1, gone.flushes());
  }

  @Test
  void shouldPlaceARangeAtAnAddressIfItCanBeHad() throws IOException {
    RangeFigures figures =
        figures("x 0 139637976727552 8192 3", "x 1 139637976731648 4096 3", "x 2 4194304 4096 3");
    assertEquals(3, figures.fixed());
    assertEquals(2, figures.displaced()); // one overlaps, one is where the heap segment lies
    assertEquals(3, figures.last().ranges());
  }

  @Test
  void shouldResizeInPlaceOrMove() throws IOException {
    RangeFigures shrunk = figures("m 0 16384 3", "r 0 1 8192", "r 1 2 12288");
    assertEquals(0, shrunk.moves()); // there is room from before
    assertEquals(12_288, shrunk.last().bytes());
    assertEquals(4_096, shrunk.last().heldBytes());
    RangeFigures grown = figures("m 0 8192 3", "p 0 4096 4096 1", "m 1 4096 3", "r 0 2 20480");
    assertEquals(1, grown.moves());
    assertEquals(24_576, grown.last().bytes());
    assertEquals(0, grown.last().heldBytes());
    assertEquals(2, grown.last().ranges());
  }

  @Test
  void shouldMoveTheBreakAndForkAndExec() throws IOException {
    RangeFigures figures =
        figures(
            "b 5000",
            "m 0 8192 3",
            "m 1 4096 25",
            "u 0 4096 4096",
            "k 1",
            "s 1",
            "u 0 0 4096",
            "b 100000",
            "b 1",
            "s 0",
            "e");
    assertEquals(2, figures.peak().spaces());
    assertEquals(4, figures.peak().ranges());
    assertEquals(1, figures.last().spaces());
    assertEquals(1, figures.last().ranges()); // what is shared
    assertEquals(2 * 4096, figures.last().bytes());
    // by the two unmaps, the fork, the smaller break, the exec
    assertEquals(5, figures.flushes());
  }

  @Test
  void shouldKeepAddressesThroughAForkOnEveryProvider() throws IOException {
    Path trace =
        trace(
            "m 0 8192 3",
            "m 1 4096 3",
            "m 2 4096 3",
            "u 1 0 4096",
            "k 7",
            "s 7",
            "m 3 12288 3",
            "u 0 0 8192",
            "u 2 0 4096");
    for (String provider : List.of("arena", "tree", "bump")) {
      RangeOutcome outcome = run(trace, provider);
      assertTrue(outcome.good(), provider + ": " + outcome.figures() + outcome.damage());
      assertEquals(3, outcome.figures().last().ranges());
    }
  }

  @Test
  void shouldCountAFailureWhereFramesForTablesEnd() throws IOException {
    Path trace = trace("m 0 68719476736 3", "m 1 4096 3", "o 0 0 4096 3", "r 0 2 4096");
    ReplayRequest request = request(trace, "arena", PlainKernel.ram(24L << 20), false);
    RangeOutcome outcome = new RangeReplay(kernel).run(request);
    assertEquals(1, outcome.figures().failures());
    assertEquals(2, outcome.figures().last().ranges());
    Path slow =
        trace("m 0 805306368 3", "m 1 16777216000 3", "b 900000000"); // tables run out midway
    FirmwareMap small = PlainKernel.ram(24L << 20);
    try (BootedSystem system = kernel.boot(request(slow, "arena", small, false).stack())) {
      FramePort port = system.frames().open(0);
      while (system.frames().freeFrames() > 400) {
        port.allocate(0, 0);
      }
      RangeFigures figures =
          new RangeReplay(kernel).runOn(request(slow, "arena", small, false), system).figures();
      assertEquals(2, figures.failures());
      assertEquals(1, figures.last().ranges());
      assertTrue(figures.last().tableFrames() > 384, figures.toString());
    }
    assertEquals(0, outcome.figures().damage());
    assertTrue(outcome.aftermath().good(), outcome.aftermath().toString());
  }

  @Test
  void shouldNoticeWhatAnArenaOrTheTablesHaveWrong() throws IOException {
    Path file = trace("m 0 16384 3", "m 1 8192 1");
    try (BootedSystem system = kernel.boot(request(file, "arena", map, false).stack());
        RangeReader reader = RangeReader.open(file);
        RangeRun run = new RangeRun(system, true)) {
      run.play(reader, 2);
      RangeSpace space = run.spaces().getFirst();
      LiveRange first = space.live().all().getFirst();
      RangeShadow shadow = run.shadow();
      run.look();
      assertEquals(List.of(), shadow.findings().first());
      space.tables().space().unmap(first.base(), 1, (address, frame, pages, entry) -> {});
      run.look();
      long stolen = space.arena().allocate(0, 4096, FitPolicy.INSTANT);
      shadow.born(space, new LiveRange(first.end() - 4096, 4096, false));
      shadow.born(space, new LiveRange(0x10_0000, 4096, false));
      run.look();
      space.arena().free(0, stolen, 4096);
      List<String> found = shadow.findings().first();
      assertEquals(6, found.size(), found.toString());
      assertTrue(found.get(0).endsWith("the page tables map 5 pages, 6 are mapped"), found.get(0));
      assertTrue(found.get(1).contains("overlaps the live"), found.get(1));
      assertTrue(found.get(2).contains("not within the arena's span"), found.get(2));
      assertTrue(found.get(3).contains("a walk shows 3 live ranges, there are 2"), found.get(3));
      assertTrue(found.get(4).contains("28672 bytes are said to be live, 24576 are"), found.get(4));
    }
  }

  @Test
  void shouldLeaveARunningSystemAsItWas() throws IOException {
    try (BootedSystem system = kernel.boot(BootSpec.of(map))) {
      long free = system.frames().freeFrames();
      int arenas = system.addresses().arenas().size();
      Path trace = trace("m 0 8192 3", "k 1");
      new RangeReplay(kernel).runOn(request(trace, "arena", map, false), system);
      assertEquals(free, system.frames().freeFrames());
      assertEquals(arenas, system.addresses().arenas().size());
    }
  }

  @Test
  void shouldWriteTheDocumentedKeys() throws IOException {
    JsonObject object = JsonParser.parseString(run(PYTHON, "tree").toJson()).getAsJsonObject();
    assertEquals("vmem", object.get("tier").getAsString());
    assertEquals("tree", object.getAsJsonObject("stack").get("vmem").getAsString());
    assertTrue(object.getAsJsonObject("peak").get("pageTableFrames").getAsLong() > 4);
    JsonObject figures = object.getAsJsonObject("figures");
    assertTrue(figures.get("alloc").getAsLong() > 407); // the trace's, and those of forks
    assertEquals(figures.get("alloc"), figures.get("free"));
    assertFalse(figures.has("mem_total")); // a level
    assertTrue(object.get("flushes").getAsLong() >= 360);
  }
}
