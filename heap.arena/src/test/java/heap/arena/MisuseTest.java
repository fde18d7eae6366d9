package heap.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.BadSettingException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong calls are named and change nothing; damage is found. */
class MisuseTest {
  private final Ground ground = new Ground(4L << 20);
  private final ArenaHeap heap = ground.heap();

  private void refused(Executable call, String... words) {
    CensusSummary before = heap.census();
    MisuseException thrown = assertThrows(MisuseException.class, call);
    for (String word : words) {
      assertTrue(thrown.toString().contains(word), thrown.toString());
    }
    assertEquals(before, heap.census());
    assertTrue(heap.checkInvariants() > 0);
  }

  private void refusedByAll(long address) {
    String hex = "0x" + Long.toHexString(address);
    refused(() -> heap.free(0, address), hex);
    refused(() -> heap.freeSized(0, address, 1), hex);
    refused(() -> heap.resize(0, address, 10), hex);
    refused(() -> heap.resizeInPlace(0, address, 10), hex);
    refused(() -> heap.usableSize(address), hex);
  }

  @Test
  void shouldRefuseADoubleFreeWhereverTheBlockLies() {
    long[] blocks = new long[100];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 64);
    }
    long large = heap.allocate(0, 50_000);
    for (long block : blocks) {
      heap.free(0, block);
    }
    heap.free(0, large);
    refusedByAll(large);
    refusedByAll(blocks[0]); // home by a spill
    refusedByAll(blocks[99]); // in a magazine
    heap.drain();
    refusedByAll(blocks[99]);
    heap.trim(0);
    refusedByAll(blocks[0]);
  }

  @Test
  void shouldRefuseForeignAndInteriorAddresses() {
    refusedByAll(ground.base);
    refusedByAll(0);
    refusedByAll(-1);
    refusedByAll(1);
    refusedByAll(Long.MAX_VALUE);
    long block = heap.allocate(0, 100);
    for (int i = 1; i < 112; i++) {
      refusedByAll(block + i);
    }
    heap.free(0, block);
  }

  @Test
  void shouldRefuseASizeThatIsNotTheBlocks() {
    long block = heap.allocate(0, 100);
    refused(() -> heap.freeSized(0, block, 113), "112", "113");
    refused(() -> heap.freeSized(0, block, 96), "112", "96");
    heap.freeSized(0, block, 97);
    long none = heap.allocate(0, 0);
    heap.freeSized(0, none, 0);
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
    assertEquals(112, heap.usableSize(block), "it is still live");
  }

  @Test
  void shouldAnswerHugeSizesWithNull() {
    long block = heap.allocate(0, 100);
    for (long huge : new long[] {1L << 32, 1L << 46, 1L << 62, Long.MAX_VALUE}) {
      assertEquals(0, heap.allocate(0, huge));
      assertEquals(0, heap.allocateZeroed(0, huge));
      assertEquals(0, heap.allocateAligned(0, 1L << 40, huge));
      assertEquals(0, heap.allocateAligned(0, 1L << 62, 1));
      assertEquals(0, heap.resize(0, block, huge));
      assertFalse(heap.resizeInPlace(0, block, huge));
      assertTrue(heap.checkInvariants() > 0);
    }
    assertEquals(1, heap.census().liveCount());
  }

  @Test
  void shouldRefuseABlockOfAnotherHeap() {
    long block = heap.allocate(0, 64);
    ArenaHeap other = ground.heap();
    assertThrows(MisuseException.class, () -> other.free(0, block));
    heap.free(0, block);
  }

  @Test
  void shouldRefuseSettingsThatMakeNoSense() {
    String[][] bad = {
      {"policy", "worst"},
      {"cache.most", "100"},
      {"cache.most", "512"},
      {"mode", "shrinking"},
      {"takeover", "seize"},
      {"import.bytes", "1"},
      {"magazine.rounds", "1"}
    };
    for (String[] each : bad) {
      String text = assertThrows(BadSettingException.class, () -> ground.heap(each)).toString();
      assertTrue(text.contains("heap.arena:" + each[0]), text);
    }
  }

  @Test
  void shouldFindWhatIsWrongByItsInvariants() {
    long block = heap.allocate(0, 64);
    damaged(() -> heap.source.inherit(4096), "footprint");
    heap.source.inherit(-4096);
    damaged(() -> heap.arena.addSpan(ground.base + (2 << 20), 4096), "footprint");
    heap.source.inherit(4096);
    assertTrue(heap.checkInvariants() > 0);
    heap.free(0, block);
  }

  private void damaged(Runnable damage, String word) {
    assertTrue(heap.checkInvariants() > 10);
    damage.run();
    String thrown = assertThrows(CorruptionException.class, heap::checkInvariants).toString();
    assertTrue(thrown.contains(word), thrown);
  }
}
