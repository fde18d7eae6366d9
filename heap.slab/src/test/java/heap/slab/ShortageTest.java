package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.TierVacantException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the heap does when there is no memory, or nobody to ask for it. */
class ShortageTest {
  private static final long KIB = 1024;

  private final Ground ground = new Ground(1 << 20);
  private final SlabHeap heap = ground.heap();
  private final Deque<Long> blocks = new ArrayDeque<>();

  @AfterEach
  void shouldHoldItsInvariants() {
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(heap.footprint(), ground.takenBytes());
  }

  private void exhaust(long bytes) {
    for (long block = heap.allocate(0, bytes); block != 0; block = heap.allocate(0, bytes)) {
      blocks.push(block);
    }
  }

  @Test
  void shouldHandOutEveryPageBeforeItAnswersNull() {
    exhaust(4096);
    assertEquals(256, blocks.size());
    assertEquals(1, Ground.statistic(heap, "kmalloc-4k.fail"));
    heap.free(0, blocks.pop());
    assertNotEquals(0, heap.allocate(0, 4096));
  }

  @Test
  void shouldPassByExtentsOfAShortageThatAreTooShort() {
    ground.occupy(ground.base + 4096, ground.memory.size() - 4096, true);
    heap.free(0, heap.allocate(0, 64));
    heap.drain();
    assertEquals(0, heap.trim(4096), "its only page is to be kept");
    ground.occupy(ground.base + 4096, ground.memory.size() - 4096, false);
    assertEquals(4096, heap.footprint());
    assertNotEquals(0, heap.allocate(0, 1024), "needs more than the page at hand");
  }

  @Test
  void shouldUseWhatLiesInMagazinesOfOtherCpusAndDepots() {
    exhaust(64);
    for (long block : blocks) {
      heap.free(1, block);
    }
    assertNotEquals(0, heap.allocate(0, 8192), "another class, another CPU");
    assertTrue(Ground.statistic(heap, "reclaim") > 0);
    assertNotEquals(0, heap.allocate(0, 500 * KIB), "whole pages");
  }

  @Test
  void shouldCutSmallerExtentsWhenLargeOnesAreNotToBeHad() {
    for (int page = 0; page < 256; page += 2) {
      ground.occupy(ground.base + page * 4096L, 4096, true);
    }
    assertNotEquals(0, heap.allocate(0, 64));
    assertEquals(4096, heap.footprint());
    assertEquals(0, heap.allocate(0, 1024), "needs two pages");
    for (int page = 0; page < 256; page += 2) {
      ground.occupy(ground.base + page * 4096L, 4096, false);
    }
    assertNotEquals(0, heap.allocate(0, 1024));
  }

  @Test
  void shouldHonourALimitAndItsRise() {
    heap.footprintLimit(300 * KIB);
    exhaust(1000);
    assertTrue(heap.footprint() <= 300 * KIB);
    assertTrue(blocks.size() >= 288, blocks.size() + " blocks");
    assertEquals(0, heap.allocate(0, 20_000));
    heap.footprintLimit(400 * KIB);
    assertNotEquals(0, heap.allocate(0, 20_000));
    exhaust(1000);
    heap.footprintLimit(0);
    assertEquals(0, heap.allocate(0, 1000));
    assertEquals(0, heap.footprintLimit());
  }

  @Test
  void shouldKeepTheOldBlockWhenAResizeFails() {
    long block = heap.allocate(0, 100);
    ground.memory.putLong(block, 42);
    exhaust(200);
    CensusSummary before = heap.census();
    assertEquals(0, heap.resize(0, block, 200));
    assertEquals(before, heap.census());
    assertEquals(42, ground.memory.getLong(block));
  }

  @Test
  void shouldShrinkInPlaceWhenThereIsNothingToMoveTo() {
    long block = heap.allocate(0, 8192);
    long large = heap.allocate(0, 20_000);
    exhaust(10);
    assertEquals(block, heap.resize(0, block, 10));
    assertEquals(large, heap.resize(0, large, 10), "stays, and gives its tail back");
    assertEquals(4096, heap.usableSize(large));
  }

  @Test
  void shouldPassOnWhatTheTierBelowThrowsWithNothingChanged() {
    long block = heap.allocate(0, 100);
    CensusSummary before = heap.census();
    ground.vacant = true;
    assertThrows(TierVacantException.class, () -> heap.allocate(0, 100_000));
    assertThrows(TierVacantException.class, () -> heap.resize(0, block, 100_000));
    assertThrows(TierVacantException.class, () -> exhaust(1000));
    blocks.forEach(each -> heap.free(0, each));
    assertTrue(heap.checkInvariants() > 0);
    ground.vacant = false;
    assertEquals(before.checksum(), heap.census().checksum());
    assertNotEquals(0, heap.allocate(0, 20_000));
  }

  @Test
  void shouldKeepALargeBlockThatCannotBeGivenBack() {
    long block = heap.allocate(0, 100_000);
    CensusSummary before = heap.census();
    ground.releaseThrows = true;
    assertThrows(TierVacantException.class, () -> heap.free(0, block));
    assertThrows(TierVacantException.class, () -> heap.resize(0, block, 9000));
    assertEquals(before, heap.census());
    assertTrue(heap.checkInvariants() > 0);
    ground.releaseThrows = false;
    heap.free(0, block);
    assertEquals(0, heap.footprint());
  }

  @Test
  void shouldFreeRunsWhoseExtentCannotBeGivenBack() {
    Ground wide = new Ground(4 << 20);
    SlabHeap other = wide.heap();
    for (long block = other.allocate(0, 9000); block != 0; block = other.allocate(0, 9000)) {
      blocks.push(block);
    }
    wide.releaseThrows = true;
    while (!blocks.isEmpty()) {
      other.free(0, blocks.pop());
      assertTrue(other.checkInvariants() > 0);
    }
    assertTrue(Ground.statistic(other, "release_refused") > 0);
    assertEquals(0, other.census().liveCount());
    wide.releaseThrows = false;
    other.trim(0);
    assertEquals(0, wide.takenBytes());
  }

  @Test
  void shouldKeepExtentsThatCannotBeGivenBack() {
    Ground wide = new Ground(4 << 20);
    SlabHeap other = wide.heap();
    for (long block = other.allocate(0, 64); block != 0; block = other.allocate(0, 64)) {
      blocks.push(block);
    }
    wide.releaseThrows = true;
    while (!blocks.isEmpty()) {
      other.free(0, blocks.pop()); // no free fails for it
    }
    assertTrue(Ground.statistic(other, "release_refused") > 0);
    assertThrows(TierVacantException.class, () -> other.trim(0));
    assertEquals(4 << 20, other.footprint());
    assertTrue(other.checkInvariants() > 0);
    wide.releaseThrows = false;
    assertEquals(4 << 20, other.trim(0));
    assertTrue(other.checkInvariants() > 0);
  }
}
