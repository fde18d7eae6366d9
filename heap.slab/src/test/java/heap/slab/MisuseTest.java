package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong calls and damaged memory are found, named, and change nothing. */
class MisuseTest {
  private final Ground ground = new Ground(4L << 20);
  private final SlabHeap heap = ground.heap();

  private void refused(Class<? extends AllocatorException> type, Executable call, String... words) {
    refused(heap, type, call, words);
  }

  private static void refused(
      SlabHeap heap, Class<? extends AllocatorException> type, Executable call, String... words) {
    CensusSummary before = heap.census();
    AllocatorException thrown = assertThrows(type, call);
    for (String word : words) {
      assertTrue(thrown.toString().contains(word), thrown.toString());
    }
    assertEquals(before, heap.census());
    assertTrue(heap.checkInvariants() > 0);
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  private void refusedByAll(long address) {
    refused(MisuseException.class, () -> heap.free(0, address), hex(address));
    refused(MisuseException.class, () -> heap.freeSized(0, address, 1), hex(address));
    refused(MisuseException.class, () -> heap.resize(0, address, 10), hex(address));
    refused(MisuseException.class, () -> heap.resizeInPlace(0, address, 10), hex(address));
    refused(MisuseException.class, () -> heap.usableSize(address), hex(address));
  }

  @Test
  void shouldRefuseADoubleFreeWhereverTheObjectLies() {
    long[] blocks = new long[200];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 64);
    }
    for (long block : blocks) {
      heap.free(0, block);
    }
    for (long block : blocks) { // loaded, previous, depot
      refused(MisuseException.class, () -> heap.free(1, block), hex(block), "kmalloc-64", "before");
    }
    heap.drain();
    for (long block : blocks) { // slabs
      refused(MisuseException.class, () -> heap.free(0, block), hex(block));
    }
    heap.trim(0);
    refused(MisuseException.class, () -> heap.free(0, blocks[0]), "no slab of this heap is there");
  }

  @Test
  void shouldRefuseForeignAddresses() {
    refusedByAll(ground.base);
    heap.allocate(0, 100);
    heap.allocate(0, 10_000);
    long size = ground.memory.size();
    for (long foreign :
        new long[] {
          0,
          8,
          -8,
          1L << 62,
          ground.base - 8,
          ground.base + size,
          ground.base + size / 2,
          Long.MIN_VALUE,
          Long.MAX_VALUE
        }) {
      refusedByAll(foreign);
    }
  }

  @Test
  void shouldRefuseInteriorAddresses() {
    long block = heap.allocate(0, 1000);
    for (int i = 1; i < 1024; i++) {
      long inside = block + i;
      assertThrows(MisuseException.class, () -> heap.free(0, inside));
      assertThrows(MisuseException.class, () -> heap.usableSize(inside));
    }
    refusedByAll(block + 8);
    long large = heap.allocate(0, 20_000);
    for (int i = 8; i < 20_000; i += 8) {
      long inside = large + i;
      assertThrows(MisuseException.class, () -> heap.free(0, inside));
    }
    refusedByAll(large + 1);
    refusedByAll(large + 4096);
    heap.free(0, block);
    heap.free(0, large);
  }

  @Test
  void shouldGiveABlockOfNoBytesAnAddressOfItsOwn() {
    long one = heap.allocate(0, 0);
    long two = heap.allocateZeroed(0, 0);
    assertTrue(one != 0 && two != 0 && one != two);
    assertEquals(8, heap.usableSize(one));
    assertEquals(one, heap.resize(0, one, 0), "it stays live: size 0 does not free");
    assertEquals(2, heap.census().liveCount());
  }

  @Test
  void shouldRefuseEveryCallOnADeadBlock() {
    for (long bytes : new long[] {1, 96, 8192, 20_000, 100_000}) {
      long block = heap.allocate(0, bytes);
      heap.free(0, block);
      refusedByAll(block);
      refused(MisuseException.class, () -> heap.resize(1, block, 200_000), hex(block));
      refused(MisuseException.class, () -> heap.freeBulk(1, new long[] {block}, 0, 1), hex(block));
      assertEquals(0, heap.census().liveCount());
    }
  }

  @Test
  void shouldRefuseASecondFreeOfALargeBlock() {
    long block = heap.allocate(0, 20_000);
    heap.free(0, block);
    refusedByAll(block);
  }

  @Test
  void shouldRefuseAPromiseThatTheBlockCannotKeep() {
    long block = heap.allocate(0, 100);
    refused(MisuseException.class, () -> heap.freeSized(0, block, 129), "129", "128");
    heap.freeSized(0, block, 100);
    long large = heap.allocate(0, 10_000);
    refused(MisuseException.class, () -> heap.freeSized(0, large, 12_289), "12289", "12288");
    heap.freeSized(0, large, 10_000);
    assertEquals(0, heap.census().liveCount());
  }

  @Test
  void shouldRefuseBadSizesAndAlignmentsAndCpus() {
    long block = heap.allocate(0, 100);
    assertThrows(IllegalArgumentException.class, () -> heap.allocate(0, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateZeroed(0, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 64, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 48, 10));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, Long.MIN_VALUE, 1));
    assertThrows(IllegalArgumentException.class, () -> heap.resize(0, block, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.resizeInPlace(0, block, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.freeSized(0, block, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.trim(-1));
    assertThrows(IllegalArgumentException.class, () -> heap.footprintLimit(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> heap.allocate(2, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> heap.free(-1, block));
    assertEquals(128, heap.usableSize(block), "it is still live");
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldAnswerHugeSizesWithNull() {
    long block = heap.allocate(0, 100);
    long large = heap.allocate(0, 10_000);
    for (long huge : new long[] {1L << 32, 1L << 43, 1L << 62, Long.MAX_VALUE}) {
      assertEquals(0, heap.allocate(0, huge));
      assertEquals(0, heap.allocateZeroed(0, huge));
      assertEquals(0, heap.allocateAligned(0, 1L << 40, huge));
      assertEquals(0, heap.allocateAligned(0, 1L << 62, 1));
      assertEquals(0, heap.resize(0, block, huge));
      assertEquals(0, heap.resize(0, large, huge));
      assertFalse(heap.resizeInPlace(0, block, huge));
      assertFalse(heap.resizeInPlace(0, large, huge));
      assertTrue(heap.checkInvariants() > 0);
    }
    assertEquals(2, heap.census().liveCount());
  }

  @Test
  void shouldStopABulkFreeAtABadEntryWithTheEarlierOnesDone() {
    long first = heap.allocate(0, 100);
    long second = heap.allocate(0, 200);
    long[] blocks = {first, 0, second + 16, second};
    assertThrows(MisuseException.class, () -> heap.freeBulk(0, blocks, 0, 4));
    assertEquals(0, blocks[0]);
    assertEquals(second, blocks[3]);
    assertEquals(1, heap.census().liveCount());
    assertThrows(IndexOutOfBoundsException.class, () -> heap.freeBulk(0, blocks, 3, 2));
  }

  @Test
  void shouldFindAWriteToAFreeObjectByPoison() {
    SlabHeap guarded = ground.heap("poison", "on");
    long block = guarded.allocate(0, 100);
    guarded.free(0, block);
    assertEquals(0x6b6b_6b6b_6b6b_6b6bL, ground.memory.getLong(block));
    assertEquals((byte) 0xa5, ground.memory.getByte(block + 127));
    ground.memory.putByte(block + 50, (byte) 1);
    refused(
        guarded,
        CorruptionException.class,
        () -> guarded.allocate(0, 100),
        hex(block),
        hex(block + 48),
        "poison");
    assertEquals(block, guarded.allocate(0, 100), "reported once, and mended");
  }

  @Test
  void shouldFindAWritePastTheEndByRedZones() {
    SlabHeap guarded = ground.heap("redzone", "on");
    long block = guarded.allocate(0, 96);
    assertEquals(96, guarded.usableSize(block));
    ground.memory.putByte(block + 96, (byte) 0);
    refused(
        guarded,
        CorruptionException.class,
        () -> guarded.free(0, block),
        hex(block),
        hex(block + 96),
        "red zone");
    ground.memory.putByte(block + 96, (byte) 0xcc);
    guarded.free(0, block);
    ground.memory.putByte(block + 100, (byte) 0);
    refused(guarded, CorruptionException.class, () -> guarded.allocate(0, 96), "red zone");
  }

  @Test
  void shouldFindAWriteToTheControlOfASlab() {
    SlabHeap other = ground.heap("geometry", "bonwick", "magazine.rounds", "1");
    long last = 0;
    for (int i = 0; i < 60; i++) {
      last = other.allocate(0, 64);
    }
    long control = last / 4096 * 4096 - 56; // negative addresses round up: the end of the page
    long header = ground.memory.getLong(control);
    ground.memory.putLong(control, 0);
    String thrown =
        assertThrows(
                CorruptionException.class,
                () -> {
                  for (int i = 0; i < 3; i++) {
                    other.allocate(0, 64);
                  }
                })
            .toString();
    assertTrue(thrown.contains(hex(control)), thrown);
    assertThrows(CorruptionException.class, other::checkInvariants);
    ground.memory.putLong(control, header);
    assertEquals(60, other.census().liveCount());
    assertTrue(other.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseABlockOfAnotherHeap() {
    long block = heap.allocate(0, 64);
    SlabHeap other = ground.heap();
    assertThrows(MisuseException.class, () -> other.free(0, block));
    heap.free(0, block);
  }

  @Test
  void shouldFindWhatIsWrongByItsInvariants() {
    long block = heap.allocate(0, 64);
    long offset = heap.space.regions.offset(block);
    Region region = heap.space.regions.find(block);
    damaged(() -> region.died(offset), "places of an object", hex(block));
    damaged(() -> region.born(offset, true), "");
    damaged(() -> region.born(offset + 16, false), "live marks in slab");
    damaged(() -> region.died(offset + 16), "");
    damaged(() -> heap.space.ledger.imported(4096), "footprint");
    damaged(() -> heap.space.ledger.released(4096), "promised bytes");
    heap.space.ledger.cancel(-4096);
    int page = heap.space.regions.page(block);
    damaged(() -> region.owner[page]++, "owner of page", "expected 4, found 5");
    damaged(() -> region.owner[page]--, "");
    damaged(() -> region.value[page]++, "slab of page");
    damaged(() -> region.value[page]--, "");
    damaged(() -> region.owner[page + 100] = Region.LARGE, "large block");
  }

  /** Damages, or mends, and looks at what the check says. */
  private void damaged(Runnable damage, String... words) {
    damage.run();
    if (words[0].isEmpty()) {
      assertTrue(heap.checkInvariants() > 0);
      return;
    }
    String thrown = assertThrows(CorruptionException.class, heap::checkInvariants).toString();
    for (String word : words) {
      assertTrue(thrown.contains(word), thrown);
    }
  }
}
