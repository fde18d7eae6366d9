package kernel.backing;

import static kernel.backing.Ground.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import hardware.api.AddressSpace;
import hardware.api.HostMemoryException;
import heap.api.BackedSpans;
import org.junit.jupiter.api.Test;
import physmem.api.FrameEngine;
import vmem.api.FitPolicy;

final class HeapSpansTest {
  private static final long RAM = 2L << 20;

  private static long figure(Ground ground, String name) {
    return ground.spans.statistics().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void shouldKeepReleasedFramesUntilEnoughWait() {
    try (Ground ground = new Ground(RAM, 0, 10)) {
      long base = ground.spans.allocate(20 * PAGE, PAGE);
      ground.spans.release(base + 10 * PAGE, 10 * PAGE);
      assertEquals(20, ground.spans.heldFrames());
      assertEquals(0, figure(ground, "purges"));
      ground.spans.release(base + 9 * PAGE, PAGE);
      assertEquals(9, ground.spans.heldFrames());
      assertEquals(1, figure(ground, "purges"));
    }
  }

  @Test
  void shouldFlushAtEachReleaseWhenNothingMayWait() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(8 * PAGE, 4 * PAGE);
      ground.spans.release(base, 4 * PAGE);
      assertEquals(4, ground.spans.heldFrames());
      ground.spans.release(base + 4 * PAGE, 4 * PAGE);
      assertEquals(0, ground.spans.heldFrames());
      assertEquals(0, ground.framesOut());
    }
  }

  @Test
  void shouldTakeAClusterUpAgainBeforeItsFlush() {
    try (Ground ground = new Ground(RAM, 4, 1000)) {
      long base = ground.spans.allocate(16 * PAGE, 16 * PAGE);
      long before = ground.space.translate(base);
      ground.spans.depopulate(base, 16 * PAGE);
      assertEquals(AddressSpace.UNMAPPED, ground.space.translate(base));
      assertTrue(ground.spans.populate(base, 16 * PAGE));
      assertEquals(before, ground.space.translate(base));
      assertEquals(0, figure(ground, "purges"));
    }
  }

  @Test
  void shouldMakeDoWithSingleFramesWhereNoBlockIsLeft() {
    try (Ground ground = new Ground(RAM, 4, 0)) {
      long frame = ground.engine.allocate(0, 0, 0);
      long[] taken = new long[(int) (RAM / PAGE)];
      int count = 0;
      for (; frame != FrameEngine.NONE; frame = ground.engine.allocate(0, 0, 0)) {
        taken[count++] = frame;
      }
      for (int i = 0; i < count; i++) {
        if (taken[i] % 2 == 0) {
          ground.engine.free(0, taken[i], 0); // every second frame: no block of two anywhere
        }
      }
      long base = ground.spans.allocate(32 * PAGE, PAGE);
      assertNotEquals(BackedSpans.NONE, base);
      assertEquals(32, ground.spans.heldFrames());
      assertTrue(figure(ground, "scattered") >= 2);
      ground.spans.checkInvariants();
      ground.spans.release(base, 32 * PAGE);
      assertEquals(0, ground.spans.heldFrames());
    }
  }

  @Test
  void shouldCountReservedAddressesAsHeldButNotAtThePeak() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long reserved = ground.spans.reserve(100 * PAGE, PAGE);
      assertEquals(100 * PAGE, ground.spans.claimedBytes());
      assertEquals(0, ground.spans.peakBytes());
      assertTrue(ground.spans.populate(reserved + PAGE, 3 * PAGE));
      ground.spans.depopulate(reserved + PAGE, 2 * PAGE);
      assertEquals(3 * PAGE, ground.spans.peakBytes());
      ground.spans.resetPeak();
      assertEquals(PAGE, ground.spans.peakBytes());
      ground.spans.release(reserved, 100 * PAGE);
    }
  }

  @Test
  void shouldRefuseWhenNotOneFrameIsLeftAndChangeNothing() {
    try (Ground ground = new Ground(RAM, 4, 0)) {
      while (ground.engine.allocate(0, 0, 0) != FrameEngine.NONE) {
        // until there is none
      }
      assertEquals(BackedSpans.NONE, ground.spans.allocate(PAGE, PAGE));
      long reserved = ground.spans.reserve(4 * PAGE, PAGE);
      assertFalse(ground.spans.populate(reserved, 4 * PAGE));
      assertFalse(ground.spans.extend(reserved + 4 * PAGE, PAGE));
      assertEquals(4 * PAGE, ground.spans.claimedBytes());
      assertEquals(4 * PAGE, ground.arena.allocatedBytes());
      assertEquals(0, ground.spans.heldFrames());
      ground.spans.checkInvariants();
    }
  }

  @Test
  void shouldLeaveTheFramesThatPageTablesNeed() {
    try (Ground ground = new Ground(RAM, 4, 0)) {
      while (ground.engine.freeFrames() > 17) {
        ground.engine.allocate(0, 0, 0);
      }
      // A block of 16 would leave one frame, and three tables are needed.
      assertNotEquals(BackedSpans.NONE, ground.spans.allocate(PAGE, PAGE));
    }
  }

  @Test
  void shouldRefuseWhenNoFrameIsLeftForAPageTable() {
    try (Ground ground = new Ground(RAM, 4, 0)) {
      ground.tables.left = 2;
      assertEquals(BackedSpans.NONE, ground.spans.allocate(PAGE, PAGE));
      ground.spans.purge();
      assertEquals(0, ground.framesOut());
      ground.tables.left = 3;
      assertNotEquals(BackedSpans.NONE, ground.spans.allocate(PAGE, PAGE));
    }
  }

  @Test
  void shouldGiveAddressesAndFramesBackWhenTheHostRefusesHalfWay() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      ground.window.attachesLeft = 2;
      assertThrows(HostMemoryException.class, () -> ground.spans.allocate(64 * PAGE, PAGE));
      assertEquals(0, ground.arena.allocatedBytes());
      assertEquals(0, ground.spans.claimedBytes());
      ground.spans.purge();
      assertEquals(0, ground.framesOut());
      assertEquals(0, ground.spans.lowestAddress());
    }
  }

  @Test
  void shouldReleaseThoughTheHostCannotSplitAMappingNow() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(8 * PAGE, 4 * PAGE);
      ground.window.detachesLeft = 0;
      ground.spans.release(base, 4 * PAGE);
      assertEquals(1, figure(ground, "refused"));
      assertEquals(8, ground.spans.heldFrames());
      assertThrows(HostMemoryException.class, ground.spans::purge);
      ground.spans.checkInvariants();
      ground.window.detachesLeft = Long.MAX_VALUE;
      assertEquals(4, ground.spans.purge());
    }
  }

  @Test
  void shouldReturnASegmentOnlyWhenItsLastPageIsReleased() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(8 * PAGE, 4 * PAGE);
      ground.spans.release(base + PAGE, 6 * PAGE);
      assertEquals(8 * PAGE, ground.arena.allocatedBytes());
      assertFalse(ground.spans.extend(base, PAGE), "held already");
      assertTrue(ground.spans.extend(base + PAGE, 2 * PAGE), "within its own segment");
      ground.spans.release(base, 3 * PAGE);
      ground.spans.release(base + 7 * PAGE, PAGE);
      assertEquals(0, ground.arena.allocatedBytes());
      assertEquals(0, ground.framesOut());
    }
  }

  @Test
  void shouldReleaseARangeOverSeveralSegmentsAndClusters() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(3 * PAGE, 4 * PAGE);
      for (int i = 3; i < 30; i += 3) {
        assertTrue(ground.spans.extend(base + (long) i * PAGE, 3 * PAGE));
      }
      assertEquals(10, figure(ground, "segments"));
      ground.spans.release(base + PAGE, 28 * PAGE);
      assertEquals(2, figure(ground, "segments"));
      ground.spans.checkInvariants();
      ground.spans.release(base, PAGE);
      ground.spans.release(base + 29 * PAGE, PAGE);
      assertEquals(0, ground.framesOut());
    }
  }

  @Test
  void shouldRefuseWhatTheHeapDoesNotHold() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(2 * PAGE, PAGE);
      MisuseException e =
          assertThrows(MisuseException.class, () -> ground.spans.release(base, 3 * PAGE));
      assertTrue(String.valueOf(e.getMessage()).contains("2 of 3 pages"), e.getMessage());
      assertThrows(MisuseException.class, () -> ground.spans.release(base, 1L << 46));
      assertThrows(MisuseException.class, () -> ground.spans.populate(base, PAGE));
      assertThrows(IllegalArgumentException.class, () -> ground.spans.release(base + 1, PAGE));
      assertThrows(IllegalArgumentException.class, () -> ground.spans.allocate(100, PAGE));
      assertThrows(IllegalArgumentException.class, () -> ground.spans.allocate(PAGE, 3 * PAGE));
      assertThrows(
          IllegalArgumentException.class, () -> ground.spans.reserve(PAGE, Long.MIN_VALUE));
      ground.spans.checkInvariants();
      assertEquals(2 * PAGE, ground.spans.claimedBytes());
    }
  }

  @Test
  void shouldAnswerRequestsBeyondAllAddressesWithNone() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long huge = Long.MAX_VALUE & -PAGE;
      assertEquals(BackedSpans.NONE, ground.spans.allocate(huge, PAGE));
      assertEquals(BackedSpans.NONE, ground.spans.reserve(huge, 1L << 40));
      long base = ground.spans.allocate(PAGE, PAGE);
      assertFalse(ground.spans.extend(base + PAGE, huge));
      assertFalse(ground.spans.extend(base + PAGE, 1L << 47));
    }
  }

  @Test
  void shouldFindDamage() {
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(4 * PAGE, 4 * PAGE);
      ground.space.unmap(base + PAGE, 1, (va, frame, pages, entry) -> {});
      assertThrows(CorruptionException.class, ground.spans::checkInvariants);
    }
    try (Ground ground = new Ground(RAM, 2, 0)) {
      long base = ground.spans.allocate(4 * PAGE, PAGE);
      ground.arena.free(0, base, 4 * PAGE);
      assertThrows(CorruptionException.class, ground.spans::checkInvariants);
      ground.arena.allocate(0, PAGE, FitPolicy.INSTANT);
      assertThrows(CorruptionException.class, ground.spans::checkInvariants);
    }
  }
}
