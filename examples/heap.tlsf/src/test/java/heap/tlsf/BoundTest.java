package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tck.heap.HeapGround;

/** What a call costs, counted. */
class BoundTest {
  private final CountingGround ground = new CountingGround(256 << 20);
  private final TlsfEngine heap = Heaps.open(ground, "growth", "64M");

  private void scatter(int blocks) {
    Random random = new Random(blocks);
    List<Long> held = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      held.add(heap.allocate(0, random.nextInt(20) == 0 ? random.nextInt(9_000) : 200));
    }
    for (int i = 0; i < blocks; i += 2) {
      heap.free(0, held.get(i)); // no two neighbours, so nothing merges
    }
  }

  /* The most accesses to memory that one allocation and one free made. */
  private long[] most(int calls) {
    Random random = new Random(1);
    long[] most = new long[2];
    for (int i = 0; i < calls; i++) {
      long before = ground.accesses();
      long block = heap.allocate(0, 1L << random.nextInt(14));
      long between = ground.accesses();
      heap.free(0, block);
      most[0] = Math.max(most[0], between - before);
      most[1] = Math.max(most[1], ground.accesses() - between);
    }
    return most;
  }

  @Test
  void shouldTouchNoMoreWordsWithAHundredThousandFreeBlocksThanWithAFew() {
    scatter(10);
    long[] few = most(5_000);
    scatter(200_000);
    assertTrue(heap.space().lists.blocks > 90_000, heap.space().lists.blocks + " free");
    long[] many = most(5_000);
    assertTrue(many[0] <= 25 && many[1] <= 40, many[0] + " and " + many[1]);
    assertTrue(many[0] <= few[0] + 8 && many[1] <= few[1] + 8, "few " + few[0] + ", " + few[1]);
  }

  @Test
  void shouldLookAtOneListPerAllocation() {
    scatter(20_000);
    long opened = heap.space().growth.opened;
    for (long bytes = 0; bytes < 1 << 20; bytes += 1 + bytes / 64) {
      long before = heap.space().lists.looked;
      long block = heap.allocate(0, bytes);
      assertEquals(before + 1, heap.space().lists.looked, bytes + " bytes");
      heap.free(0, block);
    }
    assertEquals(opened, heap.space().growth.opened);
  }

  @Test
  void shouldFindWhatWasJustFreedThoughTheSearchRoundsUp() {
    HeapGround small = new HeapGround(1 << 20, 1);
    TlsfEngine tight = Heaps.open(small, "growth", "64K");
    List<Long> held = new ArrayList<>();
    for (long each = tight.allocate(0, 3020); each != 0; each = tight.allocate(0, 3020)) {
      held.add(each);
    }
    long gone = held.get(held.size() / 2);
    tight.free(0, gone);
    assertNotEquals(
        tight.space().mapping.search(3040), tight.space().mapping.insert(3040), "it rounds up");
    assertEquals(gone, tight.allocate(0, 3020));
  }

  @Test
  void shouldWasteNoMoreThanTheBound() {
    for (long bytes = 0; bytes < 100_000; bytes += 7) {
      long block = heap.allocate(0, bytes);
      long waste = heap.usableSize(block) - bytes;
      assertTrue(bytes < 24 || waste < 32, waste + " bytes more than " + bytes);
      heap.free(0, block);
    }
  }
}
