package heap.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.MisuseException;
import allocator.api.RangeVisitor;
import allocator.api.TierVacantException;
import allocator.api.TransferRefusedException;
import org.junit.jupiter.api.Test;
import tck.heap.HeapModel;

/** Growth, limits, resizing and taking over, with round figures. */
class ArenaHeapTest {
  private static final long IMPORT = 256 << 10;

  private final Ground ground = new Ground(8L << 20);
  private final ArenaHeap heap = ground.heap();

  @Test
  void shouldImportASpanWithTheFirstBlockAndKeepOneWithTheLast() {
    assertEquals(0, heap.footprint());
    long block = heap.allocate(0, 1000);
    assertEquals(IMPORT, heap.footprint());
    long large = heap.allocate(0, 300_000);
    assertEquals(IMPORT + 303_104, heap.footprint(), "what is larger than an import has its own");
    heap.free(0, large);
    assertEquals(IMPORT, heap.footprint());
    heap.free(0, block);
    assertEquals(IMPORT, heap.footprint(), "a usual span is kept");
    assertEquals(1, ground.importCalls - 1);
    heap.allocate(0, 1000);
    assertEquals(2, ground.importCalls, "and serves again");
    assertEquals(IMPORT + 303_104, heap.peakFootprint());
    assertTrue(heap.report("vmem").get(1).contains(" heap "), heap.report("vmem").toString());
    assertThrows(IllegalArgumentException.class, () -> heap.report("slabinfo"));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldGiveBackAllButWhatIsToBeKept() {
    ArenaHeap thrifty = ground.heap("retain.bytes", "1M");
    long[] blocks = new long[4];
    for (int i = 0; i < 4; i++) {
      blocks[i] = thrifty.allocate(0, 200_000);
    }
    thrifty.freeBulk(0, blocks, 0, 4);
    assertEquals(4 * IMPORT, thrifty.footprint());
    assertEquals(2 * IMPORT, thrifty.trim(2 * IMPORT));
    assertEquals(2 * IMPORT, thrifty.trim(0));
    assertEquals(0, thrifty.trim(0));
    assertEquals(0, ground.takenBytes());
  }

  @Test
  void shouldSendMagazinesHomeBeforeItTrims() {
    heap.free(0, heap.allocate(0, 64));
    assertEquals(IMPORT, heap.trim(0));
    assertEquals(0, ground.takenBytes());
  }

  @Test
  void shouldHaveOneSpanInFixedMode() {
    ArenaHeap fixed = ground.heap("mode", "fixed", "capacity", "1M");
    long block = fixed.allocate(0, 100);
    assertEquals(1 << 20, fixed.footprint());
    assertEquals(0, fixed.allocate(0, 1 << 20));
    assertNotEquals(0, fixed.allocate(0, (1 << 20) - 112));
    assertEquals(0, fixed.allocate(0, 1));
    fixed.free(0, block);
    assertEquals(block, fixed.allocate(0, 112));
    assertEquals(0, fixed.trim(0));
    assertEquals(1, ground.importCalls);
    assertTrue(fixed.checkInvariants() > 0);
  }

  @Test
  void shouldResizeInPlaceWhereTheNextIsFree() {
    long block = heap.allocate(0, 1000);
    ground.memory.fill(block, 1000, (byte) 7);
    assertTrue(heap.resizeInPlace(0, block, 5000));
    assertEquals(5008, heap.usableSize(block));
    long next = heap.allocate(0, 1000);
    assertFalse(heap.resizeInPlace(0, block, 6000));
    assertEquals(5008, heap.usableSize(block));
    assertEquals(block, heap.resize(0, block, 100));
    assertEquals(112, heap.usableSize(block));
    long moved = heap.resize(0, block, 9000);
    assertNotEquals(block, moved);
    for (int i = 0; i < 100; i++) {
      assertEquals(7, ground.memory.getByte(moved + i));
    }
    heap.free(0, moved);
    heap.free(0, next);
    assertEquals(0, heap.census().liveCount());
  }

  @Test
  void shouldServeAnAddressOfItsOwnForSizeZero() {
    long one = heap.allocate(0, 0);
    long other = heap.allocate(0, 0);
    assertNotEquals(one, other);
    assertEquals(16, heap.usableSize(one));
    assertEquals(one, heap.resize(0, one, 0));
  }

  @Test
  void shouldStayBelowALimitThatChanges() {
    heap.footprintLimit(IMPORT);
    long block = heap.allocate(0, 200_000);
    assertEquals(0, heap.allocate(0, 200_000));
    heap.footprintLimit(Long.MAX_VALUE);
    assertNotEquals(0, heap.allocate(0, 200_000));
    heap.footprintLimit(0);
    assertEquals(0, heap.allocate(0, 200_000), "no growth");
    heap.free(0, block);
    assertNotEquals(0, heap.allocate(0, 200_000), "what is held still serves");
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldDropKeptSpansForARequestThatTheyDoNotFit() {
    heap.footprintLimit(600_000);
    heap.free(0, heap.allocate(0, 200_000));
    assertEquals(IMPORT, heap.footprint());
    assertNotEquals(0, heap.allocate(0, 500_000));
    assertEquals(503_808, heap.footprint());
  }

  @Test
  void shouldPassOnWhatTheTierBelowThrowsWithNothingChanged() {
    ground.vacant = true;
    assertThrows(TierVacantException.class, () -> heap.allocate(0, 100));
    assertTrue(heap.checkInvariants() > 0);
    ground.vacant = false;
    long large = heap.allocate(0, 500_000);
    ground.releaseThrows = true;
    heap.free(0, large);
    assertEquals(0, heap.census().liveCount(), "the block is free all the same");
    assertEquals(1, Ground.statistic(heap, "release_fail"));
    assertTrue(heap.checkInvariants() > 0);
    ground.releaseThrows = false;
    assertEquals(503_808, heap.trim(0));
    assertEquals(0, ground.takenBytes());
  }

  private static Estate estate(ArenaHeap old, long... more) {
    return new Estate() {
      @Override
      public void managed(RangeVisitor visitor) {
        old.managed(visitor);
      }

      @Override
      public void live(RangeVisitor visitor) {
        old.walk(visitor);
        for (int i = 0; i < more.length; i += 2) {
          visitor.visit(more[i], more[i + 1], 0);
        }
      }

      @Override
      public CensusSummary census() {
        CensusCount count = new CensusCount();
        live(count);
        return count.summary(old.footprint());
      }
    };
  }

  @Test
  void shouldTakeOverBlocksAndPagesOfAnyHeap() {
    HeapModel model = new HeapModel(ground, heap, 5, 50_000);
    for (int i = 0; i < 500; i++) {
      model.step();
    }
    heap.drain();
    ArenaHeap next = ground.heap();
    next.rebuild(estate(heap), true);
    assertEquals(0, next.footprint());
    next.rebuild(estate(heap), false);
    assertEquals(heap.census(), next.census());
    assertTrue(next.checkInvariants() > 0);
    heap.close();
    long any = model.live().first();
    assertThrows(MisuseException.class, () -> next.freeSized(0, any, next.usableSize(any) + 1));
    next.freeSized(0, any, 1); // what the predecessor was asked for is not known
    model.live().stream().filter(block -> block != any).forEach(block -> next.free(0, block));
    next.trim(0);
    assertEquals(0, ground.takenBytes(), "pages that were taken over go home too");
  }

  @Test
  void shouldRefuseBlocksThatItCannotRepresentAndStayEmpty() {
    long block = heap.allocate(0, 1000);
    ArenaHeap next = ground.heap();
    String off =
        assertThrows(
                TransferRefusedException.class,
                () -> next.rebuild(estate(heap, block + 1032, 8), false))
            .toString();
    assertTrue(off.contains(Long.toHexString(block + 1032)), off);
    ArenaHeap small = ground.heap("footprint.limit", "64K");
    assertThrows(TransferRefusedException.class, () -> small.rebuild(estate(heap), false));
    ArenaHeap gentle = ground.heap("takeover", "lodge");
    assertThrows(TransferRefusedException.class, () -> gentle.rebuild(estate(heap), true));
    assertEquals(0, next.footprint());
    assertEquals(0, next.census().liveCount());
    next.rebuild(estate(heap, block + 1040, 24), false); // 24 bytes take two quanta
    assertEquals(2, next.census().liveCount());
    assertEquals(24, next.usableSize(block + 1040));
    assertEquals(block + 1040, next.resize(0, block + 1040, 60));
    next.freeSized(0, block + 1040, 60);
  }
}
