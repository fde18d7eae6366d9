package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.TierVacantException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tck.heap.HeapGround;

/** Single calls: merging, resizing, growing, giving back. */
class TlsfEngineTest {
  private final HeapGround ground = new HeapGround(16 << 20, 1);
  private final TlsfEngine heap = Heaps.open(ground, "growth", "64K", "empty.keep", "off");

  private long freeBlocks() {
    return HeapGround.statistic(heap, "free.blocks");
  }

  @ParameterizedTest
  @CsvSource({"0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"})
  void shouldMergeInWhateverOrderNeighboursAreFreed(int first, int second, int third) {
    long[] blocks = new long[3];
    for (int i = 0; i < 3; i++) {
      blocks[i] = heap.allocate(0, 100);
    }
    long guard = heap.allocate(0, 100);
    assertEquals(1, freeBlocks());
    for (int each : new int[] {first, second, third}) {
      heap.free(0, blocks[each]);
      assertTrue(heap.checkInvariants() > 0);
    }
    assertEquals(2, freeBlocks(), "one in front of the guard, one behind");
    assertEquals(blocks[0], heap.allocate(0, 3 * 112 - 8), "all three as one");
    heap.free(0, guard);
  }

  @Test
  void shouldMergeWithBothSidesAtOnce() {
    long low = heap.allocate(0, 500);
    long middle = heap.allocate(0, 500);
    long high = heap.allocate(0, 500);
    heap.free(0, low);
    heap.free(0, high); // joins what is behind it
    assertEquals(2, freeBlocks());
    heap.free(0, middle);
    assertEquals(1, freeBlocks());
    assertEquals(heap.footprint(), HeapGround.statistic(heap, "pools.empty"));
  }

  @Test
  void shouldResizeInPlaceWhereThereIsRoom() {
    long block = heap.allocate(0, 100);
    long behind = heap.allocate(0, 1000);
    long guard = heap.allocate(0, 100);
    assertFalse(heap.resizeInPlace(0, block, 500));
    heap.free(0, behind);
    assertTrue(heap.resizeInPlace(0, block, 500));
    assertTrue(heap.usableSize(block) >= 500);
    assertFalse(heap.resizeInPlace(0, block, 2000), "the guard is in the way");
    assertTrue(heap.resizeInPlace(0, block, 0));
    assertEquals(24, heap.usableSize(block));
    ground.memory.putLong(block, 4711);
    long moved = heap.resize(0, block, 5000);
    assertNotEquals(block, moved);
    assertEquals(4711, ground.memory.getLong(moved));
    assertTrue(heap.checkInvariants() > 0);
    heap.free(0, guard);
    heap.free(0, moved);
    assertEquals(1, freeBlocks());
  }

  @Test
  void shouldKeepTheBlockWhenItCannotBeMoved() {
    long block = heap.allocate(0, 100);
    ground.memory.putLong(block, 4711);
    ground.importsLeft = 0;
    assertEquals(0, heap.resize(0, block, 1 << 20));
    assertEquals(0, heap.resize(0, block, Long.MAX_VALUE));
    assertEquals(104, heap.usableSize(block));
    assertEquals(4711, ground.memory.getLong(block));
  }

  @Test
  void shouldAlignAndKeepWhatIsInFront() {
    List<Long> blocks = new ArrayList<>();
    for (long align = 1; align <= 1 << 20; align *= 2) {
      long block = heap.allocateAligned(0, align, 100);
      assertEquals(0, block & (align - 1));
      blocks.add(block);
      assertTrue(heap.checkInvariants() > 0);
    }
    assertEquals(0, heap.allocateAligned(0, 1L << 62, 100));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 48, 100));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 0, 100));
    blocks.forEach(block -> heap.free(0, block));
    heap.trim(0);
    assertEquals(0, ground.backedBytes());
  }

  @Test
  void shouldAllocateAllOrNone() {
    long[] into = new long[3];
    assertTrue(heap.allocateAll(0, new long[] {10, 20, 3000}, true, into));
    ground.importsLeft = 0;
    assertFalse(heap.allocateAll(0, new long[] {10, 20, 1 << 20}, true, new long[3]));
    assertEquals(3, heap.census().liveCount());
    heap.freeBulk(0, into, 0, 3);
    assertEquals(0, heap.census().liveCount());
  }

  // ----------------------------------------------------------------------------------- exhaustion

  @Test
  void shouldBeExhaustedAndRecover() {
    ground.importsLeft = 3;
    List<Long> blocks = new ArrayList<>();
    for (long each = heap.allocate(0, 777); each != 0; each = heap.allocate(0, 777)) {
      blocks.add(each);
    }
    assertTrue(blocks.size() > 100, blocks.size() + " blocks");
    assertEquals(0, heap.allocate(0, 777));
    assertTrue(heap.checkInvariants() > 0);
    long gone = blocks.removeLast();
    heap.free(0, gone);
    assertEquals(gone, heap.allocate(0, 777), "what was freed serves again");
    ground.importsLeft = Long.MAX_VALUE;
    assertNotEquals(0, heap.allocate(0, 777), "what came below serves again");
  }

  @Test
  void shouldChangeNothingWhenBelowIsVacant() {
    heap.allocate(0, 100);
    ground.vacant = true;
    String before = heap.census() + " " + freeBlocks();
    assertThrows(TierVacantException.class, () -> heap.allocate(0, 1 << 20));
    assertThrows(TierVacantException.class, () -> heap.allocateAligned(0, 1 << 20, 1));
    assertEquals(before, heap.census() + " " + freeBlocks());
    assertTrue(heap.checkInvariants() > 0);
    ground.vacant = false;
    assertNotEquals(0, heap.allocate(0, 1 << 20));
  }

  // ------------------------------------------------------------------------------------ give back

  @Test
  void shouldGrowInPlaceAndInNewPools() {
    long first = heap.allocate(0, 60_000);
    heap.allocate(0, 60_000);
    assertEquals(1, HeapGround.statistic(heap, "pools"));
    ground.occupy(ground.base + heap.footprint(), ground.page, true);
    heap.allocate(0, 200_000);
    assertEquals(2, HeapGround.statistic(heap, "pools"));
    heap.free(0, first);
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldGiveBackPoolsAndEnds() {
    long low = heap.allocate(0, 60_000);
    ground.occupy(ground.base + heap.footprint(), ground.page, true);
    long high = heap.allocate(0, 300_000);
    heap.free(0, high);
    assertEquals(296 << 10, heap.footprint() - (64 << 10), "as large as needed, in pages");
    assertEquals(0, heap.trim(1 << 20), "less is free than is to be kept");
    long given = heap.trim(100_000);
    assertTrue(given > 200_000 && given <= 216_000, given + " bytes");
    assertTrue(HeapGround.statistic(heap, "free.bytes") >= 100_000);
    assertTrue(heap.checkInvariants() > 0);
    heap.trim(0);
    assertEquals(ground.backedBytes(), heap.footprint());
    assertEquals(60 << 10, heap.footprint(), "the pages of the block that is left");
    heap.free(0, low);
    assertEquals(60 << 10, heap.trim(0));
    assertEquals(0, ground.backedBytes());
    assertEquals(0, heap.trim(0));
  }

  @Test
  void shouldGiveBackWithAFreeWhenMoreIsEmptyThanIsKept() {
    TlsfEngine eager = Heaps.open(ground, "growth", "64K", "empty.keep", "0");
    long block = eager.allocate(0, 100);
    eager.free(0, block);
    assertEquals(0, ground.backedBytes());
    block = eager.allocate(0, 100);
    ground.releaseThrows = true;
    long kept = block;
    assertDoesNotThrow(() -> eager.free(0, kept), "the block is free, whatever happens below");
    assertEquals(1, HeapGround.statistic(eager, "release.fail"));
    assertTrue(eager.checkInvariants() > 0);
    assertThrows(TierVacantException.class, () -> eager.trim(0));
    assertTrue(eager.checkInvariants() > 0);
    ground.releaseThrows = false;
    eager.trim(0);
    assertEquals(0, ground.backedBytes());
  }

  // -------------------------------------------------------------------------------------- reports

  @Test
  void shouldPrintTheTableOfLists() {
    long block = heap.allocate(0, 100);
    heap.allocate(0, 100);
    heap.free(0, block);
    assertEquals(List.of("tlsf"), heap.reports());
    List<String> lines = heap.report("tlsf");
    assertEquals(5, lines.size(), lines.toString());
    // 112 bytes are the eighth list of the first row; the rest of the pool is in the row of 32K
    assertEquals("             0           16  .......1........................", lines.get(2));
    assertEquals("         32768         1024  ...............................1", lines.get(3));
    assertTrue(lines.getLast().startsWith("2 blocks of 65408 bytes free, 1 of 112 bytes live"));
    assertTrue(
        String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> heap.report("slabinfo"))
                    .getMessage())
            .contains("it has tlsf"));
  }
}
