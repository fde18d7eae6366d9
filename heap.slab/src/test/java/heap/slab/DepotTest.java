package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Magazines, their exchange, and what becomes of those that nobody needs. */
class DepotTest {
  private static final int MANY = 20_000_000; // exchanges: more would be no contention at all
  private static final long[] NONE = CpuMagazines.NONE;

  private final Depot depot = new Depot(64, 0, 143);

  @Test
  void shouldExchangeFullAgainstEmpty() {
    long[] full = new long[15];
    long[] empty = new long[15];
    assertSame(NONE, depot.exchangeEmpty(empty));
    assertEquals(0, depot.empties(), "nothing to give, nothing taken");
    assertSame(NONE, depot.exchangeFull(full));
    assertSame(full, depot.exchangeEmpty(empty));
    assertSame(empty, depot.exchangeFull(full));
    assertEquals(1, depot.fulls());
  }

  @Test
  void shouldDropMagazinesOfAnotherSize() {
    depot.exchangeFull(new long[7]);
    assertEquals(7, depot.exchangeEmpty(new long[7]).length, "full ones are welcome");
    assertEquals(0, depot.empties());
  }

  @Test
  void shouldNameWhatWasNotNeededInAnInterval() {
    for (int i = 0; i < 10; i++) {
      depot.exchangeFull(new long[15]);
    }
    assertEquals(0, depot.endInterval(), "it was empty when the interval began");
    for (int i = 0; i < 3; i++) {
      depot.exchangeEmpty(new long[15]);
    }
    assertEquals(7, depot.endInterval(), "of ten, at most three were in use");
  }

  @Test
  void shouldEndAnIntervalAfterSoManyExchanges() {
    for (int i = 0; i < Depot.INTERVAL; i++) {
      assertEquals(false, depot.due());
      depot.exchangeFull(NONE);
    }
    assertTrue(depot.due());
    depot.endInterval();
    assertEquals(false, depot.due());
  }

  @Test
  void shouldGrowMagazinesUnderContention() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          new Thread(() -> {
            for (int n = 0; depot.resizes() == 0 && n < MANY; n++) {
              depot.exchangeFull(new long[depot.rounds()]);
              depot.exchangeEmpty(new long[depot.rounds()]);
              if (depot.due()) {
                depot.endInterval();
              }
            }
          }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(depot.contentions() > Depot.CONTENTION);
    assertEquals(true, depot.rounds() > 15);
  }

  @Test
  void shouldNotGoToTheDepotForAMagazinesWorthOfEitherKind() {
    Ground ground = new Ground(4L << 20);
    SlabHeap heap = ground.heap("magazine.rounds", "15", "magazine.most", "15");
    long[] blocks = new long[60];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 64);
    }
    heap.freeBulk(0, blocks, 0, 45);
    long fulls = Ground.statistic(heap, "kmalloc-64.depot_full");
    for (int round = 0; round < 100; round++) { // around the edge of a magazine
      for (int i = 0; i < 8; i++) {
        blocks[i] = heap.allocate(0, 64);
      }
      for (int i = 0; i < 8; i++) {
        heap.free(0, blocks[i]);
      }
      assertEquals(fulls, Ground.statistic(heap, "kmalloc-64.depot_full"));
    }
    assertTrue(heap.checkInvariants() > 0);
  }
}
