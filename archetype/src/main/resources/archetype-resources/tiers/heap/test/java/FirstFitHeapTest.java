package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.TierVacantException;
import heap.api.HeapEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstFitHeapTest {
  private static final long NULL = HeapEngine.NULL;

  private final Ground ground = new Ground(16 << 20);
  private final FirstFitHeap heap = new FirstFitHeap(ground);

  @AfterEach
  void checkInvariants() {
    heap.checkInvariants();
  }

  @Test
  void shouldAlignAndKeepApart() {
    long one = heap.allocate(0, 0);
    long other = heap.allocate(0, 17);
    assertEquals(0, one % heap.alignment());
    assertEquals(0, other % heap.alignment());
    assertTrue(other - one >= heap.usableSize(one));
    assertTrue(heap.usableSize(other) >= 17);
  }

  @Test
  void shouldReuseTheFirstThatFits() {
    long hole = heap.allocate(0, 100);
    long behind = heap.allocate(0, 100);
    heap.free(0, hole);
    assertEquals(hole, heap.allocate(0, 50));
    assertTrue(heap.allocate(0, 30) < behind, "the rest of the hole");
  }

  @Test
  void shouldJoinWithBothNeighbours() {
    long one = heap.allocate(0, 100);
    long two = heap.allocate(0, 100);
    long three = heap.allocate(0, 100);
    heap.allocate(0, 100);
    heap.free(0, one);
    heap.free(0, three);
    heap.free(0, two);
    assertEquals(one, heap.allocate(0, 300));
  }

  @Test
  void shouldGiveFreeSpansBack() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      blocks.add(heap.allocate(0, 1000));
    }
    assertEquals(heap.footprint(), ground.takenBytes());
    blocks.forEach(block -> heap.free(0, block));
    assertEquals(0, ground.takenBytes());
    assertEquals(0, heap.footprint());
    assertTrue(heap.peakFootprint() >= 1_000_000);
  }

  @Test
  void shouldKeepASpanThatNobodyTakesUntilTheTrim() {
    long block = heap.allocate(0, 10);
    ground.releaseThrows = true;
    heap.free(0, block);
    assertThrows(TierVacantException.class, () -> heap.trim(0));
    heap.checkInvariants();
    ground.releaseThrows = false;
    assertEquals(0, heap.trim(1));
    assertEquals(ground.takenBytes(), heap.trim(0));
    assertEquals(0, ground.takenBytes());
  }

  @Test
  void shouldSayThatMemoryIsExhaustedAndRecover() {
    long block = heap.allocate(0, 10);
    ground.importsLeft = 0;
    assertEquals(NULL, heap.allocate(0, 1 << 20));
    assertEquals(NULL, heap.resize(0, block, 1 << 20));
    assertEquals(NULL, heap.allocate(0, Long.MAX_VALUE));
    assertEquals(NULL, heap.allocateAligned(0, 1L << 62, 1));
    ground.importsLeft = Long.MAX_VALUE;
    assertNotEquals(NULL, heap.allocate(0, 1 << 20));
  }

  @Test
  void shouldStopAtTheLimit() {
    heap.footprintLimit(128 << 10);
    assertNotEquals(NULL, heap.allocate(0, 100 << 10));
    assertEquals(NULL, heap.allocate(0, 100 << 10));
    assertThrows(IllegalArgumentException.class, () -> heap.footprintLimit(-1));
  }

  @Test
  void shouldAlignAsAsked() {
    for (long align = 1; align <= 1 << 20; align <<= 1) {
      long block = heap.allocateAligned(0, align, 24);
      assertEquals(0, block & (align - 1), "align " + align);
      heap.checkInvariants();
    }
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 24, 8));
    assertThrows(IllegalArgumentException.class, () -> heap.allocate(0, -1));
  }

  @Test
  void shouldZero() {
    long block = heap.allocateZeroed(0, 64);
    for (int i = 0; i < 64; i++) {
      assertEquals(0, ground.memory.getByte(block + i));
    }
  }

  @Test
  void shouldResizeInPlaceWhileThereIsRoom() {
    long block = heap.allocate(0, 100);
    long stop = heap.allocate(0, 100);
    ground.memory.putLong(block, 42);
    assertFalse(heap.resizeInPlace(0, block, 1000));
    assertTrue(heap.resizeInPlace(0, block, 20));
    assertTrue(heap.resizeInPlace(0, block, 100));
    heap.free(0, stop);
    assertTrue(heap.resizeInPlace(0, block, 1000));
    heap.allocate(0, 100);
    long moved = heap.resize(0, block, 5000);
    assertNotEquals(block, moved);
    assertEquals(42, ground.memory.getLong(moved));
  }

  @Test
  void shouldRefuseMisuseAndChangeNothing() {
    long block = heap.allocate(0, 100);
    long freed = heap.allocate(0, 100);
    heap.free(0, freed);
    for (long wrong : new long[] {freed, block + 16, block + 1, 0, 1, -1, Long.MIN_VALUE}) {
      assertThrows(MisuseException.class, () -> heap.free(0, wrong));
      assertThrows(MisuseException.class, () -> heap.usableSize(wrong));
      assertThrows(MisuseException.class, () -> heap.resize(0, wrong, 8));
    }
    assertEquals(1, heap.census().liveCount());
  }

  @Test
  void shouldNoticeWhoWritesBeyondABlock() {
    long block = heap.allocate(0, 100);
    long end = block + heap.usableSize(block);
    long tag = ground.memory.getLong(end);
    ground.memory.putLong(end, 7);
    assertThrows(CorruptionException.class, () -> heap.free(0, block));
    assertThrows(CorruptionException.class, heap::checkInvariants);
    ground.memory.putLong(end, tag);
    heap.free(0, block);
  }

  @Test
  void shouldServeSeveralThreads() throws Exception {
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        int seed = i;
        ends.add(threads.submit(() -> new Model(heap, ground.memory, seed).run(5_000)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertEquals(0, heap.census().liveCount());
    assertEquals(0, ground.takenBytes());
  }

  @Test
  void shouldAgreeWithTheModel() {
    for (int seed = 0; seed < 20; seed++) {
      Model model = new Model(heap, ground.memory, seed);
      model.check = () -> assertTrue(heap.checkInvariants() > 0);
      model.run(500);
      assertEquals(0, ground.takenBytes(), "seed " + seed);
    }
  }

  @Test
  void shouldEndTwice() {
    heap.close();
    heap.close();
  }
}
