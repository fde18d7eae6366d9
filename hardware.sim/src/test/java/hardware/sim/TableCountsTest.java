package hardware.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableCountsTest {
  @Test
  void shouldAgreeWithAHashMap() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TableCounts counts = new TableCounts();
    Map<Long, Integer> model = new HashMap<>();
    for (int step = 0; step < 20000; step++) {
      long table = (long) random.nextInt(300) << 12;
      String message = "seed " + seed + " step " + step;
      assertEquals(model.containsKey(table), counts.contains(table), message);
      if (!model.containsKey(table)) {
        counts.put(table, 3);
        model.put(table, 3);
      } else if (random.nextInt(3) > 0) {
        counts.remove(table);
        model.remove(table);
      } else {
        assertEquals(model.merge(table, 5, Integer::sum), counts.add(table, 5), message);
      }
      assertEquals(model.size(), counts.size(), message);
    }
    model.forEach((table, count) -> assertEquals(count, counts.get(table), "seed " + seed));
  }

  @Test
  void shouldRefuseTablesItDoesNotKnow() {
    TableCounts counts = new TableCounts();
    assertFalse(counts.contains(0));
    assertThrows(AssertionError.class, () -> counts.get(0x1000));
  }
}
