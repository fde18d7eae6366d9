package kernel.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

final class ClusterTableTest {
  private static final int PAGES = 16;

  private record Entry(long frame, long mask, boolean waiting) {}

  @RepeatedTest(20)
  void shouldAgreeWithAMap(RepetitionInfo repetition) {
    long seed = 97L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    ClusterTable table = new ClusterTable();
    Map<Long, Entry> model = new HashMap<>();
    long base = 0xFFFF_8000_0000_0000L >> 16;
    for (int step = 0; step < 3_000; step++) {
      long cluster = base + random.nextInt(600);
      int index = table.find(cluster);
      assertEquals(model.containsKey(cluster), index >= 0, "seed " + seed + ", step " + step);
      if (index < 0) {
        long frame = random.nextInt(4) == 0 ? ClusterTable.SCATTERED : random.nextInt(1 << 20);
        index = table.add(cluster, frame, PAGES);
        model.put(cluster, new Entry(frame, 0, false));
      } else if (random.nextInt(3) == 0) {
        table.remove(index);
        model.remove(cluster);
        continue;
      }
      Entry changed =
          new Entry(table.frame(index), random.nextInt(1 << PAGES), random.nextBoolean());
      table.mask(index, changed.mask());
      table.waiting(index, changed.waiting());
      model.put(cluster, changed);
      if (step % 50 == 0) {
        compare(table, model, "seed " + seed + ", step " + step);
      }
    }
    compare(table, model, "seed " + seed);
  }

  private static void compare(ClusterTable table, Map<Long, Entry> model, String message) {
    List<Long> seen = new ArrayList<>();
    table.forEach(index -> {
      seen.add(table.cluster(index));
      Entry entry = new Entry(table.frame(index), table.mask(index), table.waiting(index));
      assertEquals(model.get(table.cluster(index)), entry, message);
      boolean scattered = entry.frame() == ClusterTable.SCATTERED;
      assertEquals(scattered ? PAGES : 0, table.pages(index).length, message);
    });
    assertEquals(model.size(), table.size(), message);
    assertEquals(model.size(), seen.size(), message);
    assertTrue(model.keySet().containsAll(seen), message);
  }
}
