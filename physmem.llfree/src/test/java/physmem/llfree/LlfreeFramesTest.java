package physmem.llfree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** The engine on small RAM with round figures. */
class LlfreeFramesTest {
  private static final int TREE = 16384;
  private static final long BASE = 1 << 20; // 4 GiB

  private final LlfreeFrames engine = TestRam.spans(2, 0, 64).open();

  @Test
  void shouldServeEveryOrderAlignedAndDisjoint() {
    LlfreeFrames wide = TestRam.spans(1, BASE, TREE).open();
    long sum = 0;
    for (int order = 0; order <= wide.maxOrder(); order++) {
      long frame = wide.allocate(0, order, 0);
      assertEquals(0, frame & (1L << order) - 1, "aligned");
      sum += 1L << order;
      wide.checkInvariants();
    }
    assertEquals(sum, wide.census().liveUnits());
    assertEquals(11, wide.census().liveCount());
  }

  @Test
  void shouldServeTheLastFrameAndThenNone() {
    long[] frames = new long[65];
    assertEquals(64, engine.allocateBulk(0, 0, 0, frames, 0, 65));
    assertEquals(FrameEngine.NONE, engine.allocate(1, 0, 0), "nothing is left");
    engine.freeBulk(1, 0, frames, 0, 64);
    engine.checkInvariants();
    assertEquals(1L, engine.zones().getFirst().freeBlocks().get(6), "one block of 64");
    assertTrue(engine.statistics().stream().anyMatch(s -> s.name().equals("fail")));
  }

  @Test
  void shouldMakeABlockOfFramesCountedInTwoPlaces() {
    LlfreeFrames two = TestRam.spans(2, 0, 2).open();
    long first = two.allocate(0, 0, 0);
    long second = two.allocate(0, 0, 0);
    two.free(0, first, 0);
    two.free(1, second, 0);
    assertEquals(0, two.allocate(1, 1, 0));
    two.checkInvariants();
  }

  @Test
  void shouldStealFromAnotherCpusReservation() {
    LlfreeFrames one = TestRam.spans(2, BASE, TREE).open();
    assertNotEquals(FrameEngine.NONE, one.allocate(0, 0, 0));
    assertNotEquals(FrameEngine.NONE, one.allocate(1, 0, 0));
    assertEquals(TREE - 2, one.freeFrames());
    one.checkInvariants();
  }

  @Test
  void shouldKeepCpusInTreesOfTheirOwn() {
    LlfreeFrames wide = TestRam.spans(2, BASE, 4 * TREE).open();
    long first = wide.allocate(0, 0, 0);
    long second = wide.allocate(1, 0, 0);
    assertNotEquals(first / TREE, second / TREE);
    long huge = wide.allocate(0, 9, 0);
    assertEquals(first / TREE, huge / TREE, "a CPU has one tree for all orders");
    wide.drain();
    assertEquals(4 * TREE - 514, wide.freeFrames());
    wide.checkInvariants();
  }

  @Test
  void shouldNotTouchBitFieldsForHugeBlocks() {
    LlfreeFrames wide = TestRam.spans(1, BASE, 4 * TREE).open();
    long before = wide.metadataBytes();
    long[] frames = new long[64];
    assertEquals(64, wide.allocateBulk(0, 10, 0, frames, 0, 64));
    assertEquals(before, wide.metadataBytes());
    assertEquals(0, wide.freeFrames());
    wide.freeBulk(0, 10, frames, 0, 64);
    wide.allocate(0, 0, 0);
    assertEquals(before + 4096, wide.metadataBytes());
    wide.checkInvariants();
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
    assertTrue(String.valueOf(e.getMessage()).contains("a free frame"), e.getMessage());
    engine.checkInvariants();
  }

  @Test
  void shouldRefuseMisuseOfHugeBlocks() {
    LlfreeFrames wide = TestRam.spans(1, BASE, TREE).open();
    long pair = wide.allocate(0, 10, 0);
    assertThrows(MisuseException.class, () -> wide.free(0, pair, 9), "half of a pair");
    assertThrows(MisuseException.class, () -> wide.free(0, pair + 512, 9), "the other half");
    assertThrows(MisuseException.class, () -> wide.free(0, pair, 0), "a frame of it");
    assertThrows(MisuseException.class, () -> wide.free(0, pair + 64, 6), "some frames of it");
    wide.free(0, pair, 10);
    assertThrows(MisuseException.class, () -> wide.free(0, pair, 10), "double free");
    wide.checkInvariants();
    assertEquals(TREE, wide.freeFrames());
  }

  @Test
  void shouldRefuseABulkFreeAsAWhole() {
    long[] frames = new long[4];
    engine.allocateBulk(0, 1, 0, frames, 0, 4);
    CensusSummary before = engine.census();
    long[] twice = {frames[0], frames[1], frames[0]};
    assertThrows(MisuseException.class, () -> engine.freeBulk(0, 1, twice, 0, 3));
    long[] wrong = {frames[3], frames[2], 40};
    assertThrows(MisuseException.class, () -> engine.freeBulk(0, 1, wrong, 0, 3));
    assertThrows(MisuseException.class, () -> engine.freeBulk(0, 0, frames, 0, 4));
    assertEquals(before, engine.census());
    long[] backward = {frames[3], frames[1], frames[2], frames[0]};
    engine.freeBulk(0, 1, backward, 0, 4);
    assertEquals(64, engine.freeFrames());
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
    assertThrows(
        IllegalArgumentException.class,
        () -> engine.allocateContiguous(0, 0, FrameConstraints.ANYWHERE, 0));
    assertEquals(64, engine.freeFrames());
  }

  @Test
  void shouldSplitARunThatIsFreedInTheMiddle() {
    LlfreeFrames wide = TestRam.spans(1, BASE, 2 * TREE).open();
    long run = BASE + TREE - 1000;
    assertTrue(wide.allocateAt(0, run, 2000, 0), "across trees");
    wide.freeRange(0, run + 900, 300);
    wide.checkInvariants();
    assertEquals(List.of(run, 900L, run + 1200, 800L), ranges(wide));
    wide.freeRange(0, run, 900);
    wide.freeRange(0, run + 1200, 800);
    assertEquals(2 * TREE, wide.freeFrames());
    assertEquals(32L, wide.zones().getFirst().freeBlocks().getLast());
    wide.checkInvariants();
  }

  @Test
  void shouldCutARunAtTheEdgeOfAChildWithoutTouchingIt() {
    LlfreeFrames wide = TestRam.spans(1, BASE, TREE).open();
    assertTrue(wide.allocateAt(0, BASE, 1024, 0));
    long before = wide.metadataBytes();
    wide.freeRange(0, BASE, 512);
    assertEquals(before, wide.metadataBytes());
    wide.free(0, BASE + 512, 9);
    assertEquals(TREE, wide.freeFrames());
    wide.checkInvariants();
  }

  private static List<Long> ranges(LlfreeFrames engine) {
    List<Long> seen = new ArrayList<>();
    engine.walk((base, size, attributes) -> seen.add(base) && seen.add(size));
    return seen;
  }

  @Test
  void shouldShowTheOrderOfABlockAndTellRuns() {
    engine.allocateAt(0, 3, 3, 0);
    engine.allocateAt(0, 8, 4, 0);
    List<Integer> orders = new ArrayList<>();
    engine.walk((base, size, attributes) -> orders.add(FrameFlags.order(attributes)));
    assertEquals(List.of(FrameFlags.RUN, 2), orders);
    engine.free(0, 8, 2);
  }

  @Test
  void shouldEndAWalkWhenTheVisitorSaysSo() {
    engine.allocateBulk(0, 0, 0, new long[9], 0, 9);
    int[] seen = {0};
    engine.walk((base, size, attributes) -> ++seen[0] < 3);
    assertEquals(3, seen[0]);
  }

  @Test
  void shouldKeepLowZonesForRequestsThatNeedThem() {
    LlfreeFrames wide = TestRam.spans(1, 0, 8192, BASE - 4096, 8192).open();
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
    LlfreeFrames numa =
        TestRam.of(2, new FrameSpan(BASE, 1024, 0), new FrameSpan(BASE + 1024, 1024, 1)).open();
    assertTrue(numa.allocate(0, 0, 0) < BASE + 1024);
    assertTrue(numa.allocate(1, 0, 0) >= BASE + 1024);
    assertTrue(numa.allocate(0, 0, FrameFlags.onNode(0, 1)) >= BASE + 1024);
  }

  @Test
  void shouldServeARunAcrossNodesAndNotTakeItForABlock() {
    LlfreeFrames numa =
        TestRam.of(1, new FrameSpan(BASE, 1000, 0), new FrameSpan(BASE + 1000, 1048, 1)).open();
    assertTrue(numa.allocateAt(0, BASE + 992, 16, 0), "a run across nodes");
    assertEquals(List.of(BASE + 992, 16L), ranges(numa));
    assertThrows(MisuseException.class, () -> numa.free(0, BASE + 992, 3), "its first half");
    numa.walk((base, size, attributes) -> FrameFlags.order(attributes) == FrameFlags.RUN);
    numa.checkInvariants();
    numa.freeRange(0, BASE + 992, 4);
    numa.freeRange(0, BASE + 996, 12);
    assertEquals(2048, numa.freeFrames());
    assertEquals(BASE + 900, numa.allocateContiguous(0, 1148, above(BASE + 900), 0));
    numa.checkInvariants();
  }

  private static FrameConstraints above(long low) {
    return new FrameConstraints(low, Long.MAX_VALUE, 1, 0);
  }

  @Test
  void shouldNeverHandOutWhatTheKernelKept() {
    TestRam ram =
        TestRam.of(1, List.of(new FrameSpan(0, 4096, 0)), List.of(new FrameSpan(7, 90, 0)));
    LlfreeFrames kept = ram.open();
    long[] frames = new long[100];
    assertEquals(90, kept.allocateBulk(0, 0, 0, frames, 0, 100));
    assertFalse(kept.allocateAt(0, 6, 1, 0));
    assertThrows(MisuseException.class, () -> kept.free(0, 6, 0));
    assertEquals(90, kept.zones().getFirst().managed());
    assertEquals(4096, kept.zones().getFirst().present());
    kept.checkInvariants();
  }

  @Test
  void shouldRefuseFreeFramesThatAreNotPresent() {
    TestRam ram = TestRam.of(1, List.of(new FrameSpan(0, 64, 0)), List.of(new FrameSpan(60, 8, 0)));
    assertThrows(IllegalArgumentException.class, ram::open);
    assertThrows(IllegalArgumentException.class, TestRam.spans(1, 64, 8, 0, 8)::open);
  }

  @Test
  void shouldKeepMetadataInProportionToRamAndNotToAddresses() {
    long far = 1L << 30; // 4 TiB
    LlfreeFrames sparse = TestRam.spans(1, BASE, TREE, far * 3 / 4, TREE, far, TREE).open();
    assertTrue(sparse.metadataBytes() < 1024, sparse.metadataBytes() + " bytes");
    long[] frames = new long[3 * TREE];
    assertEquals(3 * TREE, sparse.allocateBulk(0, 0, 0, frames, 0, 3 * TREE));
    long ram = 3L * TREE * 4096;
    assertTrue(sparse.metadataBytes() * 10_000 < ram, sparse.metadataBytes() + " bytes");
    sparse.checkInvariants();
    sparse.freeBulk(0, 0, frames, 0, 3 * TREE);
    assertEquals(3 * TREE, sparse.freeFrames());
  }

  @Test
  void shouldServeWithoutReservations() {
    LlfreeFrames plain = TestRam.spans(2, BASE, 2 * TREE).open("reserve", "off", "trees", "2");
    long[] frames = new long[3000];
    assertEquals(3000, plain.allocateBulk(0, 0, 0, frames, 0, 3000));
    assertTrue(plain.zones().getFirst().caches().stream().allMatch(cache -> cache.count() == 0));
    plain.checkInvariants();
    plain.freeBulk(1, 0, frames, 0, 3000);
    assertEquals(2 * TREE, plain.freeFrames());
  }

  @Test
  void shouldRefuseSettingsThatItDoesNotKnow() {
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("trees", "3"));
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("trees", "128"));
    assertThrows(BadSettingException.class, () -> TestRam.spans(1, 0, 64).open("tree", "8"));
  }

  @Test
  void shouldSeeDamagedMetadata() {
    TestRam ram = TestRam.spans(1, BASE, TREE);
    LlfreeFrames damaged = ram.open();
    long frame = damaged.allocate(0, 0, 0);
    damaged.drain();
    for (int part = 0; part < 3; part++) {
      var segment = ram.reserved().get(part);
      byte before = segment.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 1);
      segment.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 1, (byte) (before ^ 2));
      assertThrows(CorruptionException.class, damaged::checkInvariants, "part " + part);
      segment.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 1, before);
      damaged.checkInvariants();
    }
    damaged.free(0, frame, 0);
  }

  @Test
  void shouldRefuseQuietlyAfterItsEnd() {
    TestRam ram = TestRam.spans(1, BASE, TREE);
    LlfreeFrames ended = ram.open();
    ended.close();
    ended.close();
    assertEquals(ram.reserved(), ram.released());
    assertEquals(0, ended.freeFrames());
    assertThrows(MisuseException.class, () -> ended.free(0, BASE, 0));
    assertTrue(ended.zones().isEmpty());
  }
}
