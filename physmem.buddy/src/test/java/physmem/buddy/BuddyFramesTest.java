package physmem.buddy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.api.Statistic;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;

/** The engine on tiny RAM with round figures. */
class BuddyFramesTest {
  private final BuddyFrames engine = TestRam.spans(2, 0, 64).open("cpuLists", "off");

  @Test
  void shouldMergeWithBothNeighboursAgain() {
    long[] frames = new long[64];
    assertEquals(64, engine.allocateBulk(0, 0, 0, frames, 0, 64));
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, 0), "nothing is left");
    for (long frame : frames) {
      engine.free(0, frame, 0);
    }
    assertEquals(1L, engine.zones().getFirst().freeBlocks().get(6), "one block of 64");
  }

  @Test
  void shouldGiveBackTheHottestFrameOfThePerCpuListFirst() {
    BuddyFrames cached = TestRam.spans(2, 1 << 20, 8192).open();
    long first = cached.allocate(0, 0, 0);
    long second = cached.allocate(0, 0, 0);
    cached.free(0, first, 0);
    cached.free(0, second, 0);
    assertEquals(second, cached.allocate(0, 0, 0));
    assertEquals(first, cached.allocate(0, 0, 0));
  }

  @Test
  void shouldCountFramesInPerCpuListsAsFreeButNotAsFreeBlocks() {
    BuddyFrames cached = TestRam.spans(2, 1 << 20, 1 << 16).open();
    cached.free(0, cached.allocate(0, 0, 0), 0);
    assertEquals(1 << 16, cached.freeFrames());
    assertTrue(cached.zones().getFirst().cached() > 0);
    cached.drain();
    assertEquals(0, cached.zones().getFirst().cached());
    assertEquals(64L, cached.zones().getFirst().freeBlocks().getLast());
  }

  @Test
  void shouldTakeTheLastFramesFromOtherCpusStocks() {
    BuddyFrames cached = TestRam.spans(2, 1 << 20, 64).open();
    long[] frames = new long[64];
    assertEquals(64, cached.allocateBulk(0, 0, 0, frames, 0, 64));
    for (long frame : frames) {
      cached.free(1, frame, 0);
    }
    assertEquals(64, cached.allocateBulk(0, 0, FrameFlags.MOVABLE, frames, 0, 64));
  }

  @Test
  void shouldLeaveEverythingAsItIsOnMisuse() {
    long block = engine.allocate(0, 2, 0);
    assertTrue(engine.allocateAt(0, 32, 5, 0));
    CensusSummary before = engine.census();
    assertThrows(MisuseException.class, () -> engine.free(0, block, 1), "wrong order");
    assertThrows(MisuseException.class, () -> engine.free(0, block + 1, 0), "inside a block");
    assertThrows(MisuseException.class, () -> engine.free(0, block, -1), "no order");
    assertThrows(MisuseException.class, () -> engine.free(0, block, 15), "no order");
    assertThrows(MisuseException.class, () -> engine.free(0, 60, 0), "free frame");
    assertThrows(MisuseException.class, () -> engine.free(0, 64, 0), "foreign frame");
    assertThrows(MisuseException.class, () -> engine.free(0, -1, 0), "negative frame");
    assertThrows(MisuseException.class, () -> engine.free(0, Long.MAX_VALUE, 0), "foreign frame");
    assertThrows(
        MisuseException.class, () -> engine.free(0, 32, 2), "a run is not its first piece");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 32, 6), "past its end");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 31, 2), "before its begin");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 32, 0), "no frames");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 1L << 40, 8), "foreign frames");
    assertThrows(MisuseException.class, () -> engine.freeRange(0, 32, Long.MAX_VALUE), "overflow");
    assertEquals(before, engine.census());
    engine.free(0, block, 2);
    assertThrows(MisuseException.class, () -> engine.free(0, block, 2), "double free");
    engine.checkInvariants();
  }

  @Test
  void shouldRefuseDoubleFreeOfAFrameInAPerCpuList() {
    BuddyFrames cached = TestRam.spans(2, 0, 4096).open();
    long frame = cached.allocate(0, 0, 0);
    cached.free(0, frame, 0);
    Exception e = assertThrows(MisuseException.class, () -> cached.free(1, frame, 0));
    assertTrue(String.valueOf(e.getMessage()).contains("per-CPU list"), e.getMessage());
    cached.checkInvariants();
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
    assertThrows(IllegalArgumentException.class, () -> engine.allocateAt(0, -1, 1, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> engine.allocateContiguous(0, 0, FrameConstraints.ANYWHERE, 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> engine.allocateBulk(0, 0, 0, new long[3], 1, 3));
    long frame = engine.allocate(0, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> engine.free(7, frame, 0));
    assertFalse(engine.allocateAt(0, 60, 5, 0), "past the end of RAM");
    assertFalse(engine.allocateAt(0, 1L << 50, 1, 0), "no RAM");
  }

  @Test
  void shouldRefuseABulkFreeAsAWhole() {
    long[] frames = new long[8];
    engine.allocateBulk(0, 1, FrameFlags.MOVABLE, frames, 0, 8);
    long[] twice = Arrays.copyOf(frames, 9);
    twice[8] = frames[3];
    CensusSummary before = engine.census();
    assertThrows(MisuseException.class, () -> engine.freeBulk(0, 1, twice, 0, 9));
    assertEquals(before, engine.census());
    engine.freeBulk(0, 1, frames, 0, 8);
    assertEquals(64, engine.freeFrames());
    engine.checkInvariants();
  }

  @Test
  void shouldCutARunIntoWhatIsLeftOfIt() {
    assertTrue(engine.allocateAt(0, 3, 29, FrameFlags.MOVABLE));
    engine.freeRange(0, 10, 4);
    assertEquals(List.of("3+7", "14+18"), live());
    engine.freeRange(0, 31, 1);
    engine.freeRange(0, 3, 1);
    assertEquals(List.of("4+6", "14+17"), live());
    engine.freeRange(0, 4, 6);
    engine.freeRange(0, 14, 17);
    assertEquals(1L, engine.zones().getFirst().freeBlocks().get(6));
  }

  @Test
  void shouldFreePartsOfSeveralNeighboursAtOnce() {
    assertTrue(engine.allocateAt(0, 0, 8, 0));
    assertTrue(engine.allocateAt(0, 8, 8, 0));
    assertTrue(engine.allocateAt(0, 16, 8, 0));
    engine.freeRange(0, 4, 16);
    assertEquals(List.of("0+4", "20+4"), live());
    engine.free(0, 0, 2);
    engine.free(0, 20, 2);
    assertEquals(64, engine.freeFrames());
  }

  @Test
  void shouldTakeTheWholeBlockThatARunIsAsABlock() {
    assertTrue(engine.allocateAt(0, 8, 8, 0));
    engine.free(0, 8, 3);
    long block = engine.allocate(0, 3, 0);
    engine.freeRange(0, block, 8);
    assertEquals(64, engine.freeFrames());
  }

  private List<String> live() {
    List<String> ranges = new ArrayList<>();
    engine.walk((base, size, attributes) -> ranges.add(base + "+" + size));
    engine.checkInvariants();
    return ranges;
  }

  @Test
  void shouldShowOrderAndFlagsInTheWalkAndStopWhenTold() {
    engine.allocateAt(0, 0, 4, FrameFlags.MOVABLE);
    engine.allocateAt(0, 5, 3, FrameFlags.RECLAIMABLE);
    List<Long> seen = new ArrayList<>();
    engine.walk((base, size, attributes) -> seen.add(attributes));
    assertEquals(2, FrameFlags.order(seen.getFirst()));
    assertEquals(FrameFlags.MOVABLE, FrameFlags.flags(seen.getFirst()));
    assertEquals(FrameFlags.RUN, FrameFlags.order(seen.getLast()));
    assertEquals(FrameFlags.RECLAIMABLE, FrameFlags.flags(seen.getLast()));
    int[] calls = {0};
    engine.walk((base, size, attributes) -> ++calls[0] > 5);
    assertEquals(1, calls[0]);
  }

  @Test
  void shouldHonourLimitsAlignmentAndBoundary() {
    assertTrue(engine.allocateAt(0, 16, 1, 0));
    assertEquals(17, engine.allocateContiguous(0, 20, new FrameConstraints(10, 64, 1, 0), 0));
    assertEquals(40, engine.allocateContiguous(0, 6, new FrameConstraints(0, 64, 8, 16), 0) + 40);
    assertEquals(48, engine.allocateContiguous(0, 16, new FrameConstraints(0, 64, 1, 16), 0));
    assertEquals(
        FrameEngine.NONE, engine.allocateContiguous(0, 17, new FrameConstraints(0, 64, 1, 16), 0));
    assertEquals(FrameEngine.NONE, engine.allocateContiguous(0, 65, FrameConstraints.ANYWHERE, 0));
  }

  @Test
  void shouldFindARunAcrossTheEndOfAZone() {
    BuddyFrames wide = TestRam.spans(1, 2048, 4096).open();
    FrameConstraints low = new FrameConstraints(3000, 5200, 1, 0);
    assertEquals(3000, wide.allocateContiguous(0, 2200, low, 0));
    assertEquals(1, wide.census().liveCount());
    wide.checkInvariants();
    wide.freeRange(0, 4000, 200);
    assertEquals(2, wide.census().liveCount());
    wide.freeRange(0, 3000, 1000);
    wide.freeRange(0, 4200, 1000);
    assertEquals(4096, wide.freeFrames());
    wide.checkInvariants();
  }

  @Test
  void shouldCountSplitsAndMerges() {
    BuddyFrames one = TestRam.spans(1, 1 << 20, 1024).open("cpuLists", "off");
    long booted = statistic(one, "merge");
    long first = one.allocate(0, 7, FrameFlags.MOVABLE);
    assertEquals(3, statistic(one, "split"), "from order 10 to 7");
    long second = one.allocate(0, 7, FrameFlags.MOVABLE);
    assertEquals(3, statistic(one, "split"), "its buddy is free");
    one.free(0, first, 7);
    assertEquals(booted, statistic(one, "merge"), "its buddy is not free");
    one.free(0, second, 7);
    assertEquals(booted + 3, statistic(one, "merge"));
    assertTrue(one.allocateAt(0, (1 << 20) + 5, 1, 0));
    assertEquals(3 + 10, statistic(one, "split"));
    one.freeRange(0, (1 << 20) + 5, 1);
    assertEquals(booted + 3 + 10, statistic(one, "merge"));
    one.checkInvariants();
  }

  @Test
  void shouldClaimAWholePageblockForAnotherType() {
    BuddyFrames grouped = TestRam.spans(1, 1 << 20, 8192).open("cpuLists", "off");
    long movable = grouped.allocate(0, 0, FrameFlags.MOVABLE);
    long unmovable = grouped.allocate(0, 0, FrameFlags.UNMOVABLE);
    assertNotEquals(movable >> 10, unmovable >> 10, "not in the same block of the largest order");
    var types = grouped.zones().getFirst().types();
    assertEquals(2, types.get(0).pageblocks(), "a claimed block of order 10 is two pageblocks");
    assertEquals(14, types.get(1).pageblocks());
    assertEquals(1, statistic(grouped, "pageblock_claim"));
  }

  @Test
  void shouldStealWithoutChangingAPageblockThatIsMostlyUsed() {
    BuddyFrames grouped = TestRam.spans(1, 1 << 20, 1024).open("cpuLists", "off", "grouping", "on");
    for (int i = 0; i < 960; i++) {
      grouped.allocate(0, 0, FrameFlags.UNMOVABLE);
    }
    assertNotEquals(FrameEngine.NONE, grouped.allocate(0, 0, FrameFlags.MOVABLE));
    assertEquals(1, statistic(grouped, "pageblock_steal"));
    assertEquals(2, grouped.zones().getFirst().types().getFirst().pageblocks());
    assertEquals(
        FrameEngine.NONE,
        grouped.allocate(0, 0, FrameFlags.RECLAIMABLE | FrameFlags.NO_RETRY),
        "does not steal");
    grouped.checkInvariants();
  }

  private static long statistic(BuddyFrames engine, String name) {
    return engine.statistics().stream()
        .filter(statistic -> statistic.name().equals(name))
        .mapToLong(Statistic::value)
        .sum();
  }

  @Test
  void shouldSayThatTinyMachinesDoNotGroupByMobility() {
    BuddyFrames tiny = TestRam.spans(1, 0, 2048).open();
    assertEquals(4, tiny.zones().getFirst().types().getFirst().pageblocks(), "all are unmovable");
    assertEquals(0, statistic(tiny, "mobility_grouping"));
    assertEquals(1, statistic(TestRam.spans(1, 0, 8192).open(), "mobility_grouping"));
  }

  /** What another allocator would leave behind. */
  private record Live(List<Long> ranges) implements Estate {
    @Override
    public void managed(RangeVisitor visitor) {
      visitor.visit(0, 64, 0);
    }

    @Override
    public void live(RangeVisitor visitor) {
      for (int i = 0; i < ranges.size(); i += 2) {
        visitor.visit(ranges.get(i), ranges.get(i + 1), FrameFlags.attributes(FrameFlags.RUN, 1));
      }
    }

    @Override
    public CensusSummary census() {
      CensusCount count = new CensusCount();
      live(count);
      return count.summary(64);
    }
  }

  @Test
  void shouldRepresentAPredecessorsRangesOfAnyLength() {
    Live estate = new Live(List.of(0L, 1L, 1L, 7L, 16L, 16L, 33L, 31L));
    engine.rebuild(estate, true);
    assertEquals(0, engine.census().liveCount(), "a dry run changes nothing");
    engine.rebuild(estate, false);
    assertEquals(estate.census(), engine.census());
    engine.checkInvariants();
    engine.free(0, 16, 4);
    engine.freeRange(0, 33, 31);
  }

  @Test
  void shouldRefuseRangesThatItDoesNotManage() {
    Live estate = new Live(List.of(0L, 1L, 60L, 5L));
    Exception e = assertThrows(TransferRefusedException.class, () -> engine.rebuild(estate, false));
    assertTrue(String.valueOf(e.getMessage()).contains("[0x3c, 0x41)"), e.getMessage());
    assertEquals(0, engine.census().liveCount());
  }

  @Test
  void shouldServeNothingOnceClosed() {
    engine.close();
    engine.close();
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, 0));
    assertThrows(MisuseException.class, () -> engine.free(0, 0, 0));
    assertEquals(0, engine.freeFrames());
  }

  @Test
  void shouldNoticeDamageToItsMetadata() {
    Zone zone = engine.zoneAt(0);
    zone.live().set(40, LiveFrames.code(LiveFrames.BLOCK, 0, 0));
    Exception e = assertThrows(CorruptionException.class, engine::checkInvariants);
    assertTrue(String.valueOf(e.getMessage()).contains("frame 40"), e.getMessage());
    zone.live().set(40, 0);
    engine.checkInvariants();
    zone.free().table().flip(0, PageblockTable.slot(2, 1));
    assertThrows(CorruptionException.class, engine::checkInvariants);
  }

  @Test
  void shouldOpenThroughTheProviderWithDefaults() {
    BuddyProvider provider = new BuddyProvider();
    try (FrameEngine opened =
        provider.open(TestRam.spans(1, 0, 64), new Settings("physmem.buddy", Map.of()))) {
      assertEquals(provider.model(), opened.model());
      assertEquals(10, opened.maxOrder());
      assertEquals(64, opened.freeFrames());
    }
  }

  @Test
  @Timeout(30)
  void shouldBootFourTebibytesAndTouchLittle() {
    BuddyFrames large =
        TestRam.of(
                4,
                new FrameSpan(1, 158, 0),
                new FrameSpan(256, 786_176, 0),
                new FrameSpan(1 << 20, (1L << 30) - (1 << 20), 0))
            .open();
    assertTrue(large.metadataBytes() < 50L << 20, "metadata " + large.metadataBytes());
    assertEquals((1L << 20) - 1024, large.zones().getLast().freeBlocks().getLast());
    long frame = large.allocate(0, 0, 0);
    long run = large.allocateContiguous(0, 1L << 20, FrameConstraints.ANYWHERE, 0);
    assertEquals(2, large.census().liveCount());
    large.free(0, frame, 0);
    large.freeRange(0, run, 1L << 20);
    large.drain();
    assertEquals((1L << 20) - 1024, large.zones().getLast().freeBlocks().getLast());
    assertTrue(large.metadataBytes() < 50L << 20, "metadata " + large.metadataBytes());
  }
}
