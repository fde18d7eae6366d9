package physmem.buddy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.RangeVisitor;
import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;
import physmem.api.ZoneReport;

/** A fresh engine takes over what another one left, entirely or not at all. */
class RebuildTest {
  private static final long NORMAL_START = 1L << 20; // frames
  private static final int PAGEBLOCK = 512;

  /** Holes, three zones that touch, and ends that are no multiples of anything. */
  private static TestRam machine() {
    return TestRam.spans(2, 1, 600, 700, 4200, NORMAL_START - 1500, 5000, 2 * NORMAL_START, 77);
  }

  /** Live ranges: base, size, attributes each; and what RAM is managed. */
  private record Left(List<FrameSpan> spans, List<long[]> ranges) implements Estate {
    static Left of(FrameEngine engine) {
      List<long[]> ranges = new ArrayList<>();
      List<FrameSpan> spans = new ArrayList<>();
      engine.walk((base, size, attributes) -> ranges.add(new long[] {base, size, attributes}));
      engine.managed((base, size, attributes) -> spans.add(new FrameSpan(base, size, 0)));
      return new Left(spans, ranges);
    }

    static Left runs(long... basesAndSizes) {
      List<long[]> ranges = new ArrayList<>();
      long attributes = FrameFlags.attributes(FrameFlags.RUN, FrameFlags.MOVABLE);
      for (int i = 0; i < basesAndSizes.length; i += 2) {
        ranges.add(new long[] {basesAndSizes[i], basesAndSizes[i + 1], attributes});
      }
      return new Left(machine().free(), ranges);
    }

    Left on(TestRam other) {
      return new Left(other.free(), ranges);
    }

    @Override
    public void managed(RangeVisitor visitor) {
      spans.forEach(span -> visitor.visit(span.start(), span.frames(), 0));
    }

    @Override
    public void live(RangeVisitor visitor) {
      ranges.forEach(each -> visitor.visit(each[0], each[1], each[2]));
    }

    @Override
    public CensusSummary census() {
      CensusCount count = new CensusCount();
      live(count);
      return count.summary(spans.stream().mapToLong(FrameSpan::frames).sum());
    }
  }

  private static List<List<Long>> freeBlocks(FrameEngine engine) {
    return engine.zones().stream().map(ZoneReport::freeBlocks).toList();
  }

  private static List<String> shown(FrameEngine engine) {
    List<String> all = new ArrayList<>();
    Left.of(engine).ranges().forEach(each -> all.add(each[0] + "+" + each[1] + "/" + each[2]));
    return all;
  }

  /** Allocates blocks and runs of all kinds at random, and frees some of them. */
  private static void churn(BuddyFrames engine, Random random) {
    List<Runnable> frees = new ArrayList<>();
    for (int step = 0; step < 1500; step++) {
      int order = random.nextInt(3) == 0 ? random.nextInt(11) : 0;
      int flags = random.nextInt(3);
      if (random.nextInt(8) == 0) {
        long count = 1 + random.nextInt(random.nextInt(10) == 0 ? 2500 : 40);
        long run = engine.allocateContiguous(0, count, FrameConstraints.ANYWHERE, flags);
        frees.add(() -> engine.freeRange(0, run, run == FrameEngine.NONE ? 0 : count));
        if (run == FrameEngine.NONE) {
          frees.removeLast();
        }
      } else {
        long frame = engine.allocate(random.nextInt(2), order, flags);
        if (frame != FrameEngine.NONE) {
          frees.add(() -> engine.free(0, frame, order));
        }
      }
      if (random.nextInt(5) < 2 && !frees.isEmpty()) {
        frees.remove(random.nextInt(frees.size())).run();
      }
    }
    engine.drain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldArriveAtWhatTakingEachRangeByItselfArrivesAt(long seed) {
    Random random = new Random(seed);
    BuddyFrames old = machine().open();
    churn(old, random);
    Left left = Left.of(old);
    BuddyFrames oneByOne = machine().open();
    for (long[] each : left.ranges()) {
      assertTrue(oneByOne.allocateAt(0, each[0], each[1], 0));
    }
    for (int order = 0; order < 3; order++) {
      BuddyFrames fresh = machine().open();
      fresh.rebuild(left, true);
      assertEquals(freeBlocks(machine().open()), freeBlocks(fresh), "seed " + seed);
      fresh.rebuild(left, false);
      fresh.checkInvariants();
      assertEquals(old.census(), fresh.census(), "seed " + seed);
      assertEquals(freeBlocks(oneByOne), freeBlocks(fresh), "seed " + seed + ", order " + order);
      assertEquals(shown(old), shown(fresh), "seed " + seed);
      freeAll(fresh, Left.of(fresh), seed);
      Collections.shuffle(left.ranges(), random);
    }
  }

  private static void freeAll(BuddyFrames engine, Left left, long seed) {
    for (long[] each : left.ranges()) {
      int order = FrameFlags.order(each[2]);
      if (order == FrameFlags.RUN) {
        engine.freeRange(0, each[0], each[1]);
      } else {
        engine.free(1, each[0], order);
      }
    }
    engine.drain();
    engine.checkInvariants();
    assertEquals(freeBlocks(machine().open()), freeBlocks(engine), "seed " + seed);
  }

  @Test
  void shouldServeAfterwardsAsAnyOther() {
    BuddyFrames old = machine().open();
    churn(old, new Random(51));
    BuddyFrames fresh = machine().open();
    fresh.rebuild(Left.of(old), false);
    long free = fresh.freeFrames();
    churn(fresh, new Random(52));
    fresh.checkInvariants();
    assertTrue(fresh.freeFrames() < free, "of " + free);
  }

  @Test
  void shouldGiveAPageblockTheTypeOfItsFirstRange() {
    TestRam ram = TestRam.spans(1, NORMAL_START, 8192);
    BuddyFrames fresh = ram.open();
    List<long[]> ranges = new ArrayList<>();
    ranges.add(new long[] {NORMAL_START + 3, 1, FrameFlags.attributes(0, FrameFlags.RECLAIMABLE)});
    ranges.add(new long[] {NORMAL_START + 4, 1, FrameFlags.attributes(0, FrameFlags.MOVABLE)});
    ranges.add(new long[] {NORMAL_START + 1024, 1025, FrameFlags.attributes(FrameFlags.RUN, 0)});
    ranges.add(new long[] {NORMAL_START + 4096, 1, FrameFlags.attributes(0, 3)}); // no such type
    fresh.rebuild(new Left(ram.free(), ranges), false);
    fresh.checkInvariants();
    var types = fresh.zones().getFirst().types();
    assertEquals(4, types.get(FrameFlags.UNMOVABLE).pageblocks(), "three of the run, and one");
    assertEquals(1, types.get(FrameFlags.RECLAIMABLE).pageblocks());
    assertEquals(11, types.get(FrameFlags.MOVABLE).pageblocks());
    assertEquals(NORMAL_START + 2, fresh.allocate(0, 0, FrameFlags.RECLAIMABLE), "the buddy of 3");
  }

  @Test
  void shouldKeepEverythingUnmovableWhereGroupingIsOff() {
    TestRam ram = TestRam.spans(1, 0, 2048);
    BuddyFrames tiny = ram.open();
    tiny.rebuild(Left.runs(5, 1).on(ram), false);
    tiny.checkInvariants();
    assertEquals(4, tiny.zones().getFirst().types().getFirst().pageblocks());
  }

  @Test
  void shouldTakeOverRangesThatGoAcrossPageblocksAndZones() {
    BuddyFrames fresh = machine().open();
    Left left = Left.runs(NORMAL_START - 700, 1700, 4000, 200, 700, 1);
    fresh.rebuild(left, false);
    fresh.checkInvariants();
    assertEquals(left.census().checksum(), fresh.census().checksum());
    fresh.freeRange(0, NORMAL_START - 700, 1700);
    fresh.freeRange(0, 4000, 200);
    fresh.freeRange(0, 700, 1);
    assertEquals(freeBlocks(machine().open()), freeBlocks(fresh));
  }

  private static void refused(Left left, String... words) {
    BuddyFrames fresh = machine().open();
    List<List<Long>> before = freeBlocks(fresh);
    for (boolean dryRun : new boolean[] {true, false, true}) {
      Exception e = assertThrows(TransferRefusedException.class, () -> fresh.rebuild(left, dryRun));
      for (String word : words) {
        assertTrue(String.valueOf(e.getMessage()).contains(word), e.getMessage());
      }
      fresh.checkInvariants();
      assertEquals(0, fresh.census().liveCount());
      assertEquals(before, freeBlocks(fresh));
    }
    fresh.rebuild(Left.runs(1, 600), false);
    assertEquals(1, fresh.census().liveCount(), "another estate is not in the way");
    fresh.checkInvariants();
  }

  @Test
  void shouldRefuseWhatItCannotRepresentAndNameIt() {
    refused(Left.runs(10, 5, 600, 2), "[0x258, 0x25a)", "not all free"); // into a hole
    refused(Left.runs(10, 5, 1, 9, 14, 1), "[0xe, 0xf)"); // overlaps the first
    refused(Left.runs(1000, 2000, 2999, 1), "[0xbb7, 0xbb8)"); // overlaps a long one
    refused(Left.runs(2999, 1, 1000, 2000), "[0x3e8, 0xbb8)"); // the long one comes later
    refused(Left.runs(0, 1), "[0x0, 0x1)");
    refused(Left.runs(10, 0), "[0xa, 0xa)");
    refused(Left.runs(-5, 3));
    refused(Left.runs(10, Long.MAX_VALUE));
    refused(Left.runs(1, 1, 3 * NORMAL_START, 1), "[0x300000, 0x300001)");
    Left large = Left.runs(1, 600);
    large.ranges().add(new long[] {2048, 2048, FrameFlags.attributes(11, 0)});
    refused(large, "[0x800, 0x1000)", "order 11");
  }

  @Test
  void shouldRefuseToTakeWhatItHandedOutItself() {
    BuddyFrames used = machine().open();
    assertTrue(used.allocateAt(0, 800, 3, 0));
    assertTrue(used.allocateAt(0, NORMAL_START, 2, 0));
    List<String> before = shown(used);
    assertThrows(
        TransferRefusedException.class, () -> used.rebuild(Left.runs(790, 5, 801, 1), false));
    assertEquals(before, shown(used));
    used.checkInvariants();
  }

  @Test
  void shouldChangeNothingIfThePredecessorFailsToShowAll() {
    BuddyFrames fresh = machine().open();
    Left broken =
        new Left(machine().free(), new ArrayList<>(Left.runs(10, 5, 1000, 1000).ranges()));
    broken.ranges().add(new long[0]);
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> fresh.rebuild(broken, false));
    fresh.checkInvariants();
    assertEquals(0, fresh.census().liveCount());
    assertEquals(freeBlocks(machine().open()), freeBlocks(fresh));
  }

  @Test
  void shouldTakeOverPageblocksThatAreLiveAsAWhole() {
    BuddyFrames fresh = machine().open();
    Left left = Left.runs(1024, 2 * PAGEBLOCK, 2048, PAGEBLOCK, 3 * 1024, 3 * PAGEBLOCK);
    fresh.rebuild(left, false);
    fresh.checkInvariants();
    assertNotEquals(0, fresh.zones().getFirst().freeBlocks().get(9), "halves of what was split");
    fresh.free(0, 1024, 10);
    fresh.free(0, 2048, 9);
    fresh.freeRange(0, 3 * 1024, 3 * PAGEBLOCK);
    fresh.drain();
    assertEquals(freeBlocks(machine().open()), freeBlocks(fresh));
  }

  @Test
  void shouldLeaveOutWhatThePredecessorTookOutOfService() {
    BuddyFrames old = machine().open();
    FrameSpan span = new FrameSpan(4000, 200, 0); // DMA ends at 4096
    assertTrue(old.offline(span, (from, to, order) -> false));
    assertTrue(old.poison(NORMAL_START + 7, (from, to, order) -> false));
    assertTrue(old.allocateAt(0, 3000, 50, 0));
    Left left = Left.of(old);
    BuddyFrames fresh = machine().open();
    List<List<Long>> before = freeBlocks(fresh);
    fresh.rebuild(left, true);
    assertEquals(before, freeBlocks(fresh), "a rehearsal");
    fresh.rebuild(left, false);
    assertTrue(fresh.checkInvariants() > 0);
    assertEquals(old.census(), fresh.census());
    assertEquals(old.freeFrames(), fresh.freeFrames());
    assertFalse(fresh.allocateAt(0, 4095, 1, 0));
    assertFalse(fresh.allocateAt(0, NORMAL_START + 7, 1, 0));
    assertTrue(fresh.online(span));
    assertEquals(old.freeFrames() + 200, fresh.freeFrames());
    assertTrue(fresh.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseFramesThatWereAdded() {
    BuddyFrames old = TestRam.spans(1, 1, 800).open("hotplugRoom", "64M");
    assertTrue(old.online(new FrameSpan(801, 100, 0)));
    BuddyFrames fresh = TestRam.spans(1, 1, 800).open();
    Exception e =
        assertThrows(TransferRefusedException.class, () -> fresh.rebuild(Left.of(old), false));
    assertTrue(String.valueOf(e.getMessage()).contains("[0x321, 0x385)"), e.getMessage());
    assertEquals(800, fresh.freeFrames());
  }

  @Test
  void shouldEndTheWalkWhenTheVisitorHasSeenEnough() {
    BuddyFrames fresh = machine().open();
    fresh.rebuild(Left.runs(3, 1, 5, 1, 7, 9, 100, 1), false);
    List<Long> seen = new ArrayList<>();
    fresh.walk((base, size, attributes) -> {
      seen.add(base);
      return seen.size() < 3;
    });
    assertEquals(List.of(3L, 5L, 7L), seen);
  }

  @Test
  void shouldShowEachRangeOnceWhereNodesTakeTurns() {
    FrameSpan[] spans = {new FrameSpan(0, 4, 0), new FrameSpan(4, 1, 1), new FrameSpan(5, 600, 0)};
    TestRam ram = TestRam.of(2, spans);
    BuddyFrames fresh = ram.open();
    Left left = Left.runs(2, 1, 5, 1, 4, 1, 6, 2).on(ram);
    fresh.rebuild(left, false);
    fresh.checkInvariants();
    List<Long> seen = new ArrayList<>();
    fresh.walk((base, size, attributes) -> seen.add(base));
    assertEquals(List.of(2L, 4L, 5L, 6L), seen);
  }
}
