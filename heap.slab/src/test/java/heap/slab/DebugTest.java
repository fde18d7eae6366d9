package heap.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Options for finding faults: who had an object last, and an order that nobody can rely on. */
class DebugTest {
  private final Ground ground = new Ground(4L << 20);

  private static String message(Class<? extends Exception> type, Runnable call) {
    return assertThrows(type, call::run).toString();
  }

  @Test
  void shouldNameTheOtherPartyOfADoubleFree() {
    SlabHeap heap = ground.heap("audit", "on");
    long block = heap.allocate(1, 64);
    heap.free(0, block);
    String message = message(MisuseException.class, () -> heap.free(1, block));
    assertTrue(
        message.endsWith("allocated by CPU 1 in operation 1, freed by CPU 0 in operation 2"),
        message);
    long other = heap.allocate(0, 100);
    String inside = message(MisuseException.class, () -> heap.free(1, other + 16));
    assertTrue(inside.contains("allocated by CPU 0 in operation 3, freed never"), inside);
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldNameWhoFreedWhatWasWrittenToAfterwards() {
    SlabHeap heap = ground.heap("audit", "on", "poison", "on");
    long block = heap.allocate(0, 64);
    heap.free(1, block);
    ground.memory.putLong(block, 0);
    String message =
        message(
            CorruptionException.class,
            () -> {
              for (int i = 0; i < 100; i++) { // CPU 1's magazine first, then the slab
                assertNotEquals(0, heap.allocate(1, 64));
              }
            });
    assertTrue(message.contains("freed by CPU 1 in operation 2"), message);
  }

  @Test
  void shouldListTheOldestLiveObjectsFirst() {
    SlabHeap heap = ground.heap("audit", "on");
    long leak = heap.allocate(1, 200);
    for (int i = 0; i < 1000; i++) {
      heap.free(0, heap.allocate(0, 64));
    }
    long young = heap.allocate(0, 64);
    heap.allocate(0, 20_000); // is in no slab
    List<String> lines = heap.report("audit");
    assertEquals(3, lines.size(), lines.toString());
    assertTrue(lines.get(1).startsWith("1 "), lines.toString());
    assertTrue(lines.get(1).contains(Long.toHexString(leak)), lines.toString());
    assertTrue(lines.get(2).startsWith("2002 "), lines.toString());
    assertTrue(lines.get(2).contains(Long.toHexString(young)), lines.toString());
    assertEquals(1, ground.heap().report("audit").size(), "nothing without the setting");
  }

  @Test
  void shouldShowNoMoreThanItsLastLine() {
    SlabHeap heap = ground.heap("audit", "on");
    for (int i = 0; i < 500; i++) {
      heap.allocate(0, 32);
    }
    List<String> lines = heap.report("audit");
    assertEquals(51, lines.size());
    assertTrue(lines.getLast().startsWith("50 "), lines.getLast());
  }

  private static long[] firstSlab(SlabHeap heap) {
    long[] blocks = new long[64]; // of 64 bytes: all of a slab
    Arrays.setAll(blocks, i -> heap.allocate(0, 64));
    return blocks;
  }

  @Test
  void shouldHandObjectsOutInAnOrderOfTheSeed() {
    long[] byAddress = firstSlab(ground.heap("magazine.rounds", "1", "magazine.most", "1"));
    for (int i = 1; i < byAddress.length; i++) {
      assertEquals(byAddress[i - 1] + 64, byAddress[i]);
    }
    String[] random = {"random.order", "on", "magazine.rounds", "1", "magazine.most", "1"};
    long[] one = relative(firstSlab(ground.heap(random)));
    long[] again = relative(firstSlab(ground.heap(random)));
    String[] seeded = Arrays.copyOf(random, 8);
    seeded[6] = "random.seed";
    seeded[7] = "2";
    long[] other = relative(firstSlab(ground.heap(seeded)));
    assertTrue(Arrays.equals(one, again), "the same seed, the same order");
    assertTrue(!Arrays.equals(one, other), "another seed, another order");
    assertTrue(neighbours(one) < 10, "handed out side by side: " + neighbours(one) + " of 63");
    Set<Long> distinct = new HashSet<>();
    Arrays.stream(one).forEach(distinct::add);
    assertEquals(64, distinct.size());
  }

  private static long[] relative(long[] blocks) {
    long least = Arrays.stream(blocks).min().orElseThrow();
    return Arrays.stream(blocks).map(block -> block - least).toArray();
  }

  private static int neighbours(long[] blocks) {
    int count = 0;
    for (int i = 1; i < blocks.length; i++) {
      count += Math.abs(blocks[i] - blocks[i - 1]) == 64 ? 1 : 0;
    }
    return count;
  }

  @Test
  void shouldGiveEverySlabAnotherBeginning() {
    SlabHeap heap = ground.heap("random.order", "on", "magazine.rounds", "1", "magazine.most", "1");
    assertTrue(!Arrays.equals(relative(firstSlab(heap)), relative(firstSlab(heap))));
  }
}
