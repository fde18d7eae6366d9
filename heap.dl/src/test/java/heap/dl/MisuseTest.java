package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
  private final DlHeap heap = ground.heap();

  private void refused(Class<? extends AllocatorException> type, Executable call, String... words) {
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

  @Test
  void shouldRefuseADoubleFreeWhateverTheFirstOneMergedWith() {
    for (int mask = 0; mask < 8; mask++) {
      long[] blocks = new long[4];
      for (int i = 0; i < 4; i++) {
        blocks[i] = heap.allocate(0, 100 + 200 * i);
        ground.memory.fill(blocks[i], 100, (byte) -1);
      }
      for (int i = 0; i < 3; i++) { // neighbours below and above are free or not
        if ((mask & (1 << i)) != 0) {
          heap.free(0, blocks[i == 0 ? 0 : i + 1]);
        }
      }
      heap.free(0, blocks[1]);
      refused(MisuseException.class, () -> heap.free(0, blocks[1]), hex(blocks[1]), "freed before");
      for (int i = 0; i < 4; i++) {
        if (i != 1 && (mask & (1 << (i == 0 ? 0 : i - 1))) == 0) {
          heap.free(0, blocks[i]);
        }
      }
    }
  }

  @Test
  void shouldRefuseABlockOfAnUnusedHeap() {
    refused(MisuseException.class, () -> heap.free(0, ground.base + 16), "holds no memory");
    refused(MisuseException.class, () -> heap.free(0, 0));
  }

  @Test
  void shouldRefuseForeignAddresses() {
    long block = heap.allocate(0, 100);
    for (long foreign : new long[] {0, 16, -16, ground.base - 16, ground.base + (3L << 20)}) {
      refused(MisuseException.class, () -> heap.free(0, foreign), hex(foreign), "outside");
      refused(MisuseException.class, () -> heap.resize(0, foreign, 10), hex(foreign));
      refused(MisuseException.class, () -> heap.usableSize(foreign), hex(foreign));
    }
    heap.free(0, block);
  }

  @Test
  void shouldRefuseMisalignedAndInteriorAddresses() {
    long block = heap.allocate(0, 1000);
    for (int fill = 0; fill < 256; fill++) {
      ground.memory.fill(block, 1000, (byte) fill);
      for (int i = 1; i < 1000; i++) {
        long inside = block + i;
        assertThrows(AllocatorException.class, () -> heap.free(0, inside));
      }
    }
    refused(MisuseException.class, () -> heap.free(0, block + 8), "not a multiple of 16");
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseTopAndFencesAndSegmentRecords() {
    long block = heap.allocate(0, 100);
    refused(MisuseException.class, () -> heap.free(0, block + 112), "not in use");
    DlHeap split = ground.heap("contiguous", "off");
    ground.gap = 1;
    split.allocate(0, 3000);
    split.allocate(0, 3000);
    long end = ground.base + (2L << 20) + 4096; // the second heap's first span is 2 MiB on
    for (long at = end - 96; at <= end; at += 16) {
      long address = at;
      assertThrows(AllocatorException.class, () -> split.free(0, address), hex(address));
      assertTrue(split.checkInvariants() > 0);
    }
    assertEquals(2, OracleTest.statistic(split, "segments"));
  }

  @Test
  void shouldRefuseBadSizesAndAlignments() {
    long block = heap.allocate(0, 100);
    assertThrows(IllegalArgumentException.class, () -> heap.allocate(0, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateZeroed(0, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 64, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 48, 10));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, Long.MIN_VALUE, 10));
    assertThrows(IllegalArgumentException.class, () -> heap.resize(0, block, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.resizeInPlace(0, block, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.freeSized(0, block, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> heap.allocateAll(0, Ground.equal(-1, 1), true, new long[1]));
    assertThrows(IllegalArgumentException.class, () -> heap.trim(-1));
    assertThrows(IllegalArgumentException.class, () -> heap.footprintLimit(-1));
    assertEquals(1, heap.census().liveCount());
    refused(MisuseException.class, () -> heap.freeSized(0, block, 105), "105", "104");
  }

  @Test
  void shouldAnswerHugeSizesWithNull() {
    long block = heap.allocate(0, 100);
    for (long huge : new long[] {1L << 32, 1L << 61, 1L << 62, (1L << 62) + 1, Long.MAX_VALUE}) {
      assertEquals(0, heap.allocate(0, huge));
      assertEquals(0, heap.allocateZeroed(0, huge));
      assertEquals(0, heap.allocateAligned(0, 1L << 40, huge));
      assertEquals(0, heap.resize(0, block, huge));
      assertEquals(false, heap.resizeInPlace(0, block, huge));
      assertEquals(false, heap.allocateAll(0, Ground.equal(huge, 3), true, new long[3]));
      assertEquals(false, heap.allocateAll(0, new long[] {huge, huge}, false, new long[2]));
      assertTrue(heap.checkInvariants() > 0);
    }
    assertEquals(1, heap.census().liveCount());
  }

  @Test
  void shouldGiveABlockOfNoBytesAnAddressOfItsOwn() {
    long one = heap.allocate(0, 0);
    long two = heap.allocateZeroed(0, 0);
    long three = heap.allocateAligned(0, 1, 0);
    assertEquals(3, java.util.stream.LongStream.of(one, two, three).distinct().count());
    assertEquals(24, heap.usableSize(one));
    assertEquals(one, heap.resize(0, one, 0), "it stays live: size 0 does not free");
    assertEquals(3, heap.census().liveCount());
  }

  @Test
  void shouldRefuseEveryCallOnADeadBlock() {
    DlHeap direct = ground.heap("mmap.threshold", "64K");
    direct.allocate(0, 16);
    for (long bytes : new long[] {16, 100, 3000, 100_000}) {
      long block = direct.allocate(0, bytes);
      direct.allocate(0, 16); // so that it does not become part of top
      direct.free(0, block);
      CensusSummary before = direct.census();
      assertThrows(MisuseException.class, () -> direct.free(0, block));
      assertThrows(MisuseException.class, () -> direct.freeSized(0, block, bytes));
      assertThrows(MisuseException.class, () -> direct.resize(0, block, 10));
      assertThrows(MisuseException.class, () -> direct.resize(0, block, 10_000));
      assertThrows(MisuseException.class, () -> direct.resizeInPlace(0, block, 10));
      assertThrows(MisuseException.class, () -> direct.usableSize(block));
      assertThrows(MisuseException.class, () -> direct.freeBulk(0, new long[] {block}, 0, 1));
      assertEquals(before, direct.census());
      assertTrue(direct.checkInvariants() > 0);
    }
  }

  @Test
  void shouldRefuseABlockOfAnotherHeap() {
    long mine = heap.allocate(0, 100);
    DlHeap other = ground.heap();
    long theirs = other.allocate(0, 100);
    refused(MisuseException.class, () -> heap.free(0, theirs), hex(theirs));
    refused(MisuseException.class, () -> heap.resize(0, theirs, 5), hex(theirs));
    refused(MisuseException.class, () -> heap.usableSize(theirs), hex(theirs));
    other.free(0, theirs);
    heap.free(0, mine);
  }

  @Test
  void shouldFindAnOverwrittenHead() {
    long low = heap.allocate(0, 100);
    long high = heap.allocate(0, 100);
    long head = ground.memory.getLong(high - 8);
    for (long wrong : new long[] {0, -1, 0x4141_4141_4141_4141L, head - 2, head + (1 << 20)}) {
      ground.memory.putLong(high - 8, wrong);
      assertThrows(AllocatorException.class, () -> heap.free(0, high), hex(wrong));
      ground.memory.putLong(high - 8, head);
      assertTrue(heap.checkInvariants() > 0);
    }
    ground.memory.fill(low, 112, (byte) 0); // runs into the head above
    MisuseException thrown = assertThrows(MisuseException.class, () -> heap.free(0, low));
    assertTrue(thrown.toString().contains("overwritten"), thrown.toString());
    assertThrows(CorruptionException.class, heap::checkInvariants);
  }

  @Test
  void shouldFindAFootThatDoesNotMatch() {
    long low = heap.allocate(0, 100);
    long middle = heap.allocate(0, 100);
    heap.free(0, low);
    ground.memory.putLong(middle - 16, 64);
    CorruptionException thrown =
        assertThrows(CorruptionException.class, () -> heap.free(0, middle));
    assertTrue(thrown.toString().contains(hex(middle - 16)), thrown.toString());
    assertTrue(thrown.toString().contains("64"), thrown.toString());
    ground.memory.putLong(middle - 16, 112);
    heap.free(0, middle);
    assertTrue(heap.checkInvariants() > 0);
  }

  /** Blocks a to e, with b and d free; then d's links are damaged and c is freed. */
  private void damageAbove(long bytes, int offset) {
    long[] block = new long[6];
    for (int i = 0; i < 6; i++) {
      block[i] = heap.allocate(0, bytes);
    }
    heap.free(0, block[0]);
    heap.free(0, block[2]);
    heap.free(0, block[4]);
    long link = ground.memory.getLong(block[4] + offset);
    ground.memory.putLong(block[4] + offset, block[5]);
    CorruptionException thrown =
        assertThrows(CorruptionException.class, () -> heap.free(0, block[3]));
    assertTrue(thrown.toString().contains(hex(block[4] - 16)), thrown.toString());
    if (ground.memory.getLong(block[4] + offset) == block[5]) { // else mended by what was put back
      assertThrows(CorruptionException.class, heap::checkInvariants);
      ground.memory.putLong(block[4] + offset, link);
    }
    assertTrue(heap.checkInvariants() > 0, "as before, with the chunk below back in its bin");
    heap.free(0, block[3]);
    heap.free(0, block[1]);
    heap.free(0, block[5]);
    assertEquals(0, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldFindDamagedLinksOfASmallChunkAndPutBackWhatWasDone() {
    damageAbove(100, 0);
    damageAbove(100, 8);
  }

  @Test
  void shouldFindDamagedLinksOfALargeChunkAndPutBackWhatWasDone() {
    damageAbove(1000, 0);
    damageAbove(1000, 8);
  }

  @Test
  void shouldFindADamagedListWhenAllocatingFromIt() {
    long first = heap.allocate(0, 100);
    heap.allocate(0, 10);
    long second = heap.allocate(0, 100);
    heap.allocate(0, 10);
    heap.free(0, first);
    heap.free(0, second);
    ground.memory.putLong(second, second); // fd, as a write after free leaves it
    CorruptionException thrown =
        assertThrows(CorruptionException.class, () -> heap.allocate(0, 100));
    assertTrue(thrown.toString().contains("small bin 14"), thrown.toString());
    ground.memory.putLong(second, first - 16);
    assertEquals(second, heap.allocate(0, 100));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldFindWritesPastTheEndByFooters() {
    DlHeap marked = ground.heap("footers", "on");
    long block = marked.allocate(0, 100);
    marked.allocate(0, 100);
    ground.memory.putByte(block + marked.usableSize(block), (byte) 1);
    CorruptionException thrown =
        assertThrows(CorruptionException.class, () -> marked.free(0, block));
    assertTrue(thrown.toString().contains("footer"), thrown.toString());
  }

  @Test
  void shouldTellItsOwnBlocksFromThoseOfAnotherHeapByFooters() {
    DlHeap one = ground.heap("footers", "on");
    DlHeap other = ground.heap("footers", "on", "contiguous", "off");
    long mine = one.allocate(0, 100);
    long theirs = other.allocate(0, 100);
    assertThrows(AllocatorException.class, () -> one.free(0, theirs));
    assertThrows(AllocatorException.class, () -> other.free(0, mine));
    one.free(0, mine);
    other.free(0, theirs);
  }

  @Test
  void shouldRefuseTheSecondFreeOfADirectChunk() {
    DlHeap direct = ground.heap("mmap.threshold", "64K");
    direct.allocate(0, 100);
    long block = direct.allocate(0, 100_000);
    assertEquals(1, OracleTest.statistic(direct, "hblks"));
    direct.free(0, block);
    assertThrows(MisuseException.class, () -> direct.free(0, block));
    assertEquals(0, OracleTest.statistic(direct, "hblks"));
    assertTrue(direct.checkInvariants() > 0);
  }

  @Test
  void shouldStopABulkFreeAtABadEntryWithTheEarlierOnesDone() {
    long first = heap.allocate(0, 100);
    long second = heap.allocate(0, 200);
    long[] blocks = {first, 0, second + 16, second};
    assertThrows(AllocatorException.class, () -> heap.freeBulk(0, blocks, 0, 4));
    assertEquals(0, blocks[0]);
    assertEquals(second, blocks[3]);
    assertEquals(1, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
    assertThrows(IndexOutOfBoundsException.class, () -> heap.freeBulk(0, blocks, 3, 2));
  }
}
