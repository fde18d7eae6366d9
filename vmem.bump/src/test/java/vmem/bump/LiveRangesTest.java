package vmem.bump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table of live ranges against one of Java's, and the list that sorts. */
class LiveRangesTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final String label = "seed " + seed;

  @Test
  void shouldAgreeWithAMapWhileItGrowsAndShrinks() {
    for (long quantum : new long[] {1, 0x1000, 1L << 40}) {
      LiveRanges table = new LiveRanges(quantum, 0);
      Map<Long, Long> model = new HashMap<>();
      List<Long> bases = new ArrayList<>();
      long frontier = -quantum << 20;
      for (int step = 0; step < 60_000; step++) {
        boolean isGrowing = step < 30_000;
        if (bases.isEmpty() || random.nextInt(10) < (isGrowing ? 8 : 2)) {
          long size = 1 + random.nextLong(quantum);
          table.add(frontier, size);
          model.put(frontier, size);
          bases.add(frontier);
          frontier += quantum * (1 + random.nextInt(8));
        } else {
          Collections.swap(bases, random.nextInt(bases.size()), bases.size() - 1);
          long base = bases.removeLast();
          assertEquals(model.remove(base), table.size(base), label);
          table.remove(base);
          assertEquals(LiveRanges.ABSENT, table.size(base), label);
        }
        if (step % 10_000 == 0) {
          agree(model, table);
        }
      }
      agree(model, table);
    }
  }

  private void agree(Map<Long, Long> model, LiveRanges table) {
    Ranges ranges = table.sorted();
    assertEquals(model.size(), ranges.count(), label);
    assertEquals(model.size(), table.count(), label);
    long bytes = 0;
    for (int i = 0; i < ranges.count(); i++) {
      assertEquals(model.get(ranges.base(i)), ranges.size(i), label);
      assertTrue(i == 0 || Unsigned.below(ranges.base(i - 1), ranges.base(i)), label);
      bytes += ranges.size(i);
    }
    assertEquals(bytes, table.bytes(), label);
  }

  @Test
  void shouldGiveItsLeavesUpWhenRangesGo() {
    LiveRanges table = new LiveRanges(1, 0);
    for (long base = 0; base < 100_000; base++) {
      table.add(base, 1);
    }
    assertTrue(table.leaves() > 500 && table.tableBytes() < 50 * 100_000, "" + table.leaves());
    for (long base = 0; base < 90_000; base++) {
      table.remove(base);
    }
    assertTrue(table.tableBytes() < 100 * 10_000, "" + table.tableBytes());
    for (long base = 90_000; base < 100_000; base++) {
      table.remove(base);
    }
    assertEquals(1, table.leaves());
    assertTrue(table.tableBytes() < 16_384, "" + table.tableBytes());
  }

  @Test
  void shouldNotJoinALeafWithAPartOfItsDeeperNeighbour() {
    LiveRanges table = new LiveRanges(1, 0);
    List<Long> zeros = withHash(0, 1, 40); // a leaf of depth 1
    List<Long> tens = withHash(2, 2, 100); // two of depth 2 beside it
    List<Long> elevens = withHash(3, 2, 100);
    for (List<Long> each : List.of(tens, elevens, zeros)) {
      each.forEach(base -> table.add(base, 7));
    }
    assertEquals(3, table.leaves());
    tens.subList(10, 100).forEach(table::remove);
    zeros.forEach(table::remove);
    assertEquals(3, table.leaves());
    tens.subList(0, 10).forEach(base -> assertEquals(7, table.size(base)));
    elevens.forEach(base -> assertEquals(7, table.size(base)));
    elevens.forEach(table::remove);
    assertEquals(1, table.leaves());
    tens.subList(0, 10).forEach(base -> assertEquals(7, table.size(base)));
  }

  /** {@return the lowest bases whose hashes have some leading bits} */
  private static List<Long> withHash(int leading, int bits, int count) {
    List<Long> bases = new ArrayList<>();
    for (long base = 0; bases.size() < count; base++) {
      if (Leaf.hash(base, 0) >>> (Long.SIZE - bits) == leading) {
        bases.add(base);
      }
    }
    return bases;
  }

  @Test
  void shouldNotSplitWhatItWasSizedFor() {
    LiveRanges table = new LiveRanges(0x1000, 50_000);
    int before = table.leaves();
    for (long base = 0; base < 50_000; base++) {
      table.add(base << 12, 1);
    }
    assertTrue(table.leaves() <= before + before / 20, before + " to " + table.leaves());
  }

  @Test
  void shouldSortByUnsignedBaseHoweverRangesCome() {
    for (int count : new int[] {0, 1, 2, 1000}) {
      Ranges ranges = new Ranges(0);
      TreeMap<Long, Long> model = new TreeMap<>(Long::compareUnsigned);
      for (int i = 0; i < count; i++) {
        long base = random.nextBoolean() ? random.nextLong() : random.nextLong(1 << 20);
        if (model.putIfAbsent(base, (long) i) == null) {
          ranges.add(base, i);
        }
      }
      ranges.sort();
      ranges.sort();
      int at = 0;
      for (Map.Entry<Long, Long> each : model.entrySet()) {
        assertEquals(each.getKey(), ranges.base(at), label);
        assertEquals(each.getValue(), ranges.size(at++), label);
      }
    }
  }

  @Test
  void shouldGoOnAfterSorting() {
    Ranges ranges = new Ranges(2);
    ranges.add(5, 50);
    ranges.add(-3, 30);
    ranges.add(4, 40);
    ranges.sort();
    ranges.add(1, 10);
    ranges.add(9, 90);
    ranges.sort();
    long[] expected = {1, 4, 5, 9, -3};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], ranges.base(i));
      assertEquals(10 * Math.abs(expected[i]), ranges.size(i));
    }
  }
}
