package heap.tlsf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.AllocatorException;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tck.heap.HeapGround;

/** Wrong addresses, and damage that was done to the memory. */
class MisuseTest {
  private static final int BYTES = 1 << 20;

  private final HeapGround ground = new HeapGround(BYTES, 1);
  private final TlsfEngine heap = Heaps.open(ground, "growth", "64K");
  private final TreeSet<Long> live = new TreeSet<>();

  @BeforeEach
  void fill() {
    Random random = new Random(5);
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      blocks.add(heap.allocate(0, random.nextInt(600)));
    }
    for (int i = 0; i < 150; i++) {
      heap.free(0, blocks.remove(random.nextInt(blocks.size())));
    }
    live.addAll(blocks);
  }

  private long hash() {
    long hash = 0;
    for (long at = 0; at < BYTES; at += 8) {
      hash = hash * 31 + ground.memory.getLong(ground.base + at);
    }
    return hash;
  }

  private void refuses(Class<? extends AllocatorException> type, String words, Runnable call) {
    long memory = hash();
    String message = String.valueOf(assertThrows(type, call::run).getMessage());
    assertTrue(message.contains(words), message);
    assertEquals(memory, hash(), "changed");
  }

  @Test
  void shouldKnowEveryAddressThatIsNoBlock() {
    long memory = hash();
    int refused = 0;
    long end = ground.base + heap.footprint() + 64;
    for (long at = ground.base - 64; at < end; at += 8) {
      if (!live.contains(at)) {
        long address = at;
        assertThrows(MisuseException.class, () -> heap.usableSize(address));
        assertThrows(MisuseException.class, () -> heap.resize(0, address, 10));
        assertThrows(MisuseException.class, () -> heap.free(0, address));
        refused++;
      }
    }
    assertTrue(refused > 10_000, refused + " addresses");
    assertEquals(memory, hash());
    assertEquals(live.size(), heap.census().liveCount());
    assertThrows(MisuseException.class, () -> heap.free(0, 0));
    assertThrows(MisuseException.class, () -> heap.free(0, 4096));
  }

  @Test
  void shouldSayWhatTheAddressIs() {
    long block = heap.allocate(0, 1000);
    refuses(MisuseException.class, "inside of the live block at", () -> heap.free(0, block + 16));
    refuses(MisuseException.class, "not a multiple of 16", () -> heap.free(0, block + 1));
    refuses(MisuseException.class, "outside of this heap's", () -> heap.free(0, 0x1000));
    refuses(MisuseException.class, "but it has 1000", () -> heap.freeSized(0, block, 1001));
    heap.free(0, block);
    refuses(MisuseException.class, "freed before", () -> heap.free(0, block));
    refuses(MisuseException.class, "inside of the free block", () -> heap.free(0, block + 64));
  }

  @Test
  void shouldKnowASecondFreeAfterMergingAndAfterReuse() {
    TlsfEngine heap = Heaps.open(ground, "growth", "64K");
    long low = heap.allocate(0, 3000);
    long high = heap.allocate(0, 3000);
    heap.free(0, low);
    heap.free(0, high);
    refuses(MisuseException.class, "freed before", () -> heap.free(0, high));
    assertEquals(low, heap.allocate(0, 6000), "covers both");
    assertThrows(MisuseException.class, () -> heap.free(0, high));
  }

  @Test
  void shouldNotTakeACopyOfATagForOne() {
    long block = heap.allocate(0, 1000);
    ground.memory.copy(block - 8, block + 504, 16); // the tag at another place
    refuses(MisuseException.class, "inside of the live", () -> heap.free(0, block + 512));
  }

  @Test
  void shouldSeeAnOverrunInItsNeighbourAndItself() {
    TlsfEngine heap = Heaps.open(ground, "growth", "64K"); // a fresh one: its blocks are neighbours
    long low = heap.allocate(0, 1000);
    long high = heap.allocate(0, 1000);
    heap.allocate(0, 1000);
    long tag = ground.memory.getLong(high - 8);
    for (long wrong : new long[] {0, -1, tag + 16, tag ^ 1, tag ^ 2, tag ^ (1L << 50)}) {
      ground.memory.putLong(high - 8, wrong); // a write beyond the end of low
      refuses(CorruptionException.class, "tag of the block", () -> heap.free(0, low));
      refuses(CorruptionException.class, "tag of the block", () -> heap.free(0, high));
      refuses(CorruptionException.class, "tag of the block", () -> heap.usableSize(high));
      refuses(CorruptionException.class, "tag of the block", () -> heap.resize(0, low, 2000));
    }
    ground.memory.putLong(high - 8, tag);
    heap.free(0, low);
    heap.free(0, high);
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldSeeWritesIntoFreedBlocks() {
    TlsfEngine heap = Heaps.open(ground, "growth", "64K");
    long low = heap.allocate(0, 1000);
    long high = heap.allocate(0, 1000);
    heap.allocate(0, 1000);
    heap.free(0, low);
    long size = 1008;
    long[] places = {low, low + 8, low - 8 + size - 8}; // links and foot
    String[] words = {"link next", "link previous", "the foot of the free block"};
    for (int i = 0; i < places.length; i++) {
      long place = places[i];
      long right = ground.memory.getLong(place);
      for (long wrong : new long[] {1, high - 8, -1, ground.base}) {
        ground.memory.putLong(place, wrong);
        refuses(CorruptionException.class, words[i], () -> heap.free(0, high));
        assertThrows(CorruptionException.class, heap::checkInvariants);
      }
      ground.memory.putLong(place, right);
    }
    heap.free(0, high);
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseWhatIsNoSize() {
    assertThrows(IllegalArgumentException.class, () -> heap.allocate(0, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.resize(0, live.first(), -1));
    assertThrows(IllegalArgumentException.class, () -> heap.trim(-1));
    assertThrows(IllegalArgumentException.class, () -> heap.footprintLimit(-1));
  }
}
