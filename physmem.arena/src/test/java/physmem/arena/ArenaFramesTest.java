package physmem.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.Settings;
import allocator.arena.Arena;
import allocator.arena.Fit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** The engine on small RAM with round figures. */
class ArenaFramesTest {
  private static final long BASE = 1 << 20; // 4 GiB

  private final ArenaFrames engine = TestRam.spans(2, 0, 64).open();

  @Test
  void shouldServeEveryOrderAlignedAndDisjoint() {
    ArenaFrames wide = TestRam.spans(1, BASE, 16384).open();
    for (int order = 0; order <= wide.maxOrder(); order++) {
      assertEquals(0, wide.allocate(0, order, 0) & (1L << order) - 1, "aligned");
    }
    assertEquals(2047, wide.census().liveUnits());
    assertEquals(11, wide.census().liveCount());
    wide.checkInvariants();
  }

  @Test
  void shouldServeTheLastFrameAndThenNone() {
    long[] frames = new long[65];
    assertEquals(64, engine.allocateBulk(0, 0, 0, frames, 0, 65));
    assertEquals(FrameEngine.NONE, engine.allocate(1, 0, 0), "nothing is left");
    engine.freeBulk(1, 0, frames, 0, 64);
    engine.checkInvariants();
    assertEquals(64, engine.freeFrames());
    assertEquals(64, engine.zones().getFirst().cached(), "all in a magazine");
    assertEquals(0, engine.allocate(0, 5, 0), "another CPU's magazines are no obstacle");
    engine.free(0, 0, 5);
    engine.drain();
    assertEquals(1L, engine.zones().getFirst().freeBlocks().get(6), "one block of 64");
    assertEquals(List.of("Node 0, zone      DMA " + blocks(6)), engine.report("buddyinfo"));
    String zone = engine.report("vmem").get(1);
    assertTrue(zone.startsWith("0000000000000000 node 0, zone DMA"), zone);
    assertTrue(engine.statistics().toString().contains("name=fail, value=2,"));
  }

  private static String blocks(int one) {
    StringBuilder text = new StringBuilder();
    for (int order = 0; order <= 10; order++) {
      text.append("%6d ".formatted(order == one ? 1 : 0));
    }
    return text.toString();
  }

  @Test
  void shouldHandOutFromMagazinesOnlyWhatIsAligned() {
    assertTrue(engine.allocateAt(0, 5, 2, 0)); // a run, not at a multiple of 2
    assertThrows(MisuseException.class, () -> engine.free(0, 5, 1));
    engine.freeRange(0, 5, 2);
    long pair = engine.allocate(0, 1, 0);
    engine.free(0, pair, 1);
    assertEquals(2, engine.zones().getFirst().caches().getFirst().count());
    assertEquals(pair, engine.allocate(0, 1, FrameFlags.MOVABLE));
    engine.walk((base, size, attributes) -> {
      assertEquals(FrameFlags.attributes(1, FrameFlags.MOVABLE), attributes);
      return true;
    });
  }

  @Test
  void shouldLeaveEverythingAsItIsOnMisuse() {
    long block = engine.allocate(0, 2, 0);
    assertTrue(engine.allocateAt(0, 32, 5, 0));
    CensusSummary before = engine.census();
    assertThrows(MisuseException.class, () -> engine.free(0, block, 1), "wrong order");
    assertThrows(MisuseException.class, () -> engine.free(0, block, 3), "wrong order");
    assertThrows(MisuseException.class, () -> engine.free(0, block + 1, 0), "inside a block");
    assertThrows(MisuseException.class, () -> engine.free(0, block, -1), "no order");
    assertThrows(MisuseException.class, () -> engine.free(0, block, 15), "no order");
    assertThrows(MisuseException.class, () -> engine.free(0, 60, 0), "free frame");
    assertThrows(MisuseException.class, () -> engine.free(0, 64, 0), "foreign frame");
    assertThrows(MisuseException.class, () -> engine.free(0, -1, 0), "negative frame");
    assertThrows(MisuseException.class, () -> engine.free(0, Long.MAX_VALUE, 0), "foreign frame");
    assertThrows(MisuseException.class, () -> engine.free(0, 32, 2), "a run is not its first part");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 32, 6), "past its end");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 31, 2), "before its begin");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 32, 0), "no frames");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 1L << 40, 8), "foreign frames");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 32, Long.MAX_VALUE), "overflow");
    assertEquals(before, engine.census());
    engine.free(0, block, 2);
    Exception e = assertThrows(MisuseException.class, () -> engine.free(0, block, 2));
    assertTrue(String.valueOf(e.getMessage()).contains("of 0x4 frames"), e.getMessage());
    engine.drain();
    assertThrows(MisuseException.class, () -> engine.free(0, block, 2));
    engine.checkInvariants();
  }

  @Test
  void shouldRefuseArgumentsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> engine.allocate(0, 11, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.allocate(0, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.allocate(2, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.allocate(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.allocate(0, 0, 3), "mobility");
    assertThrows(IllegalArgumentException.class, () -> engine.allocate(0, 0, 3 << 2), "zone");
    assertThrows(IllegalArgumentException.class, () -> engine.allocateAt(0, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.free(7, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.freeRange(7, 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> engine.allocateContiguous(0, 0, FrameConstraints.ANYWHERE, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.report("slabinfo"));
    assertEquals(64, engine.freeFrames());
  }

  @Test
  void shouldKeepLowZonesForRequestsThatNeedThem() {
    ArenaFrames wide = TestRam.spans(1, 0, 8192, BASE - 4096, 8192).open();
    assertTrue(wide.allocate(0, 0, FrameFlags.DMA) < 4096);
    long dma32 = wide.allocate(0, 0, FrameFlags.DMA32);
    assertTrue(dma32 >= 4096 && dma32 < BASE, "frame " + dma32);
    assertTrue(wide.allocate(0, 0, 0) >= BASE);
    List<String> names = wide.zones().stream().map(ZoneReport::name).toList();
    assertEquals(List.of("DMA", "DMA32", "Normal"), names);
    assertEquals(4095L, wide.zones().getFirst().free());
    assertEquals(8192L, wide.zones().get(1).managed());
    assertEquals(BASE - 4096, wide.zones().get(1).spanned(), "holes included");
    long[] frames = new long[16384];
    int got = wide.allocateBulk(0, 0, FrameFlags.DMA32, frames, 0, 16384);
    assertEquals(4095 + 8191, got, "no frame above 4 GiB");
  }

  @Test
  void shouldPreferTheNodeOfTheCpuOrTheOneNamed() {
    ArenaFrames numa =
        TestRam.of(2, new FrameSpan(BASE, 1024, 0), new FrameSpan(BASE + 1024, 1024, 1)).open();
    assertTrue(numa.allocate(0, 0, 0) < BASE + 1024);
    assertTrue(numa.allocate(1, 0, 0) >= BASE + 1024);
    assertTrue(numa.allocate(0, 0, FrameFlags.onNode(0, 1)) >= BASE + 1024);
    assertTrue(numa.allocate(0, 0, FrameFlags.onNode(0, 7)) < BASE + 1024, "there is no node 7");
  }

  @Test
  void shouldServeARunAcrossNodesAndNotTakeItForABlock() {
    ArenaFrames numa =
        TestRam.of(1, new FrameSpan(BASE, 1000, 0), new FrameSpan(BASE + 1000, 1048, 1)).open();
    assertTrue(numa.allocateAt(0, BASE + 992, 16, 0), "a run across nodes");
    assertEquals(List.of(BASE + 992, 16L), ranges(numa));
    assertThrows(MisuseException.class, () -> numa.free(0, BASE + 992, 3), "its first half");
    assertThrows(MisuseException.class, () -> numa.freeRange(0, BASE + 992, 17));
    assertFalse(numa.allocateAt(0, BASE + 990, 20, 0), "the middle is taken");
    assertEquals(List.of(BASE + 992, 16L), ranges(numa), "and nothing stays of the attempt");
    numa.checkInvariants();
    numa.freeRange(0, BASE + 992, 4);
    numa.freeRange(0, BASE + 996, 12);
    assertEquals(2048, numa.freeFrames());
  }

  private static List<Long> ranges(ArenaFrames engine) {
    List<Long> seen = new ArrayList<>();
    engine.walk((base, size, attributes) -> seen.add(base) && seen.add(size));
    return seen;
  }

  @Test
  void shouldAnswerWithNoneWhereABoundaryIsNarrowerThanTheRun() {
    FrameConstraints narrow = new FrameConstraints(0, 64, 1, 4);
    assertEquals(FrameEngine.NONE, engine.allocateContiguous(0, 5, narrow, 0));
    assertEquals(0, engine.allocateContiguous(0, 3, narrow, 0));
    assertEquals(4, engine.allocateContiguous(0, 2, narrow, 0));
    FrameConstraints wide = new FrameConstraints(0, 64, 16, 4);
    assertEquals(16, engine.allocateContiguous(0, 4, wide, 0));
  }

  @Test
  void shouldNeverHandOutWhatTheKernelKept() {
    TestRam ram =
        TestRam.of(1, List.of(new FrameSpan(0, 4096, 0)), List.of(new FrameSpan(7, 90, 0)));
    ArenaFrames kept = ram.open();
    long[] frames = new long[100];
    assertEquals(90, kept.allocateBulk(0, 0, 0, frames, 0, 100));
    assertFalse(kept.allocateAt(0, 6, 1, 0));
    assertThrows(MisuseException.class, () -> kept.free(0, 6, 0));
    assertEquals(90, kept.zones().getFirst().managed());
    assertEquals(4096, kept.zones().getFirst().present());
    kept.checkInvariants();
  }

  @Test
  void shouldKeepMetadataInProportionToWhatIsLive() {
    ArenaFrames wide = TestRam.spans(1, BASE, 1 << 20).open("cacheOrder", "-1");
    long empty = wide.metadataBytes();
    assertTrue(empty < 100_000, empty + " bytes for 4 GiB that are free");
    wide.allocateBulk(0, 0, 0, new long[100_000], 0, 100_000);
    long each = (wide.metadataBytes() - empty) / 100_000;
    assertTrue(each >= 40 && each <= 50, each + " bytes for each frame");
  }

  @Test
  void shouldRefuseSettingsThatItDoesNotKnow() {
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("policy", "worst"));
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("cacheOrder", "5"));
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("polizy", "best"));
  }

  @Test
  void shouldFindANoteThatIsNoneAndFramesThatAreNobodys() {
    Arena arena =
        new ZoneArenas(TestRam.spans(1, 0, 64), FrameSettings.read(settings()))
            .all()
            .getFirst()
            .arena();
    ZoneArena sound =
        new ZoneArena(
            0, 0, List.of(new FrameSpan(0, 64, 0)), List.of(new FrameSpan(0, 64, 0)), arena);
    long facts = ArenaFrames.check(sound);
    assertTrue(facts > 0);
    ZoneArena more = new ZoneArena(0, 0, sound.present(), List.of(new FrameSpan(0, 65, 0)), arena);
    String lost = assertThrows(CorruptionException.class, () -> ArenaFrames.check(more)).toString();
    assertTrue(lost.contains("64 frames are live or free, 65 are managed"), lost);
    arena.allocate(0, 1, Fit.INSTANT, Notes.BELOW); // a block cannot go on elsewhere
    String note =
        assertThrows(CorruptionException.class, () -> ArenaFrames.check(sound)).toString();
    assertTrue(note.contains("note 0x40000"), note);
  }

  private static Settings settings() {
    return Settings.none("physmem.arena");
  }

  @Test
  void shouldRefuseQuietlyAfterItsEnd() {
    engine.close();
    engine.close();
    assertEquals(0, engine.freeFrames());
    assertThrows(MisuseException.class, () -> engine.free(0, 0, 0));
    assertTrue(engine.zones().isEmpty());
  }
}
