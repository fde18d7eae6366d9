package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong calls and damaged memory are found, named, and change nothing. */
class MisuseTest {
  private final Ground ground = new Ground(64L << 20);
  private final ZoneHeap heap = ground.heap();

  private void refused(Class<? extends AllocatorException> type, Executable call, String... words) {
    refused(heap, type, call, words);
  }

  private static void refused(
      ZoneHeap heap, Class<? extends AllocatorException> type, Executable call, String... words) {
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
    for (long block : blocks) { // its chunk
      refused(MisuseException.class, () -> heap.free(1, block), hex(block), "var0.64", "before");
    }
    heap.drain();
    for (long block : blocks) {
      refused(MisuseException.class, () -> heap.free(0, block), hex(block));
    }
    heap.trim(0);
    refused(MisuseException.class, () -> heap.free(0, blocks[0]), "freed before");
  }

  @Test
  void shouldRefuseForeignAddresses() {
    refusedByAll(ground.base);
    heap.allocate(0, 100);
    heap.allocate(0, 20_000);
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
      String said = assertThrows(MisuseException.class, () -> heap.free(0, inside)).toString();
      assertTrue(said.contains("no element begins there"), said);
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
    long large = heap.allocate(0, 20_000);
    refused(MisuseException.class, () -> heap.freeSized(0, large, 20_481), "20481", "20480");
    heap.freeSized(0, large, 20_000);
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
    long large = heap.allocate(0, 20_000);
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
  void shouldRefuseABlockOfAnotherHeap() {
    long block = heap.allocate(0, 64);
    ZoneHeap other = ground.heap();
    assertThrows(MisuseException.class, () -> other.free(0, block));
    heap.free(0, block);
  }
}
