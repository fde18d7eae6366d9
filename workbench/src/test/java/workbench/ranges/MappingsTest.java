package workbench.ranges;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import workbench.ranges.Mappings.Mapping;

final class MappingsTest {
  private static final int PAGES = 64;

  @Test
  void shouldAgreeWithAnArrayOfPages() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Mappings mappings = new Mappings();
      int[] protection = new int[PAGES];
      Arrays.fill(protection, -1);
      for (int step = 0; step < 60; step++) {
        int start = random.nextInt(PAGES);
        int end = start + 1 + random.nextInt(PAGES - start);
        mappings.cut(start, end);
        Arrays.fill(protection, start, end, -1);
        if (random.nextInt(3) > 0) {
          int chosen = random.nextInt(2);
          mappings.add(new Mapping(start, end, chosen, 0));
          Arrays.fill(protection, start, end, chosen);
        }
        compare(mappings, protection, "seed " + seed + ", step " + step);
      }
    }
  }

  private static void compare(Mappings mappings, int[] protection, String where) {
    int runs = 0;
    int mapped = 0;
    for (int page = 0; page < PAGES; page++) {
      boolean same = page > 0 && protection[page] == protection[page - 1];
      runs += protection[page] >= 0 && !same ? 1 : 0;
      mapped += protection[page] >= 0 ? 1 : 0;
      int wanted = protection[page];
      int found =
          mappings.within(page, page + 1L).stream()
              .mapToInt(Mapping::protection)
              .findFirst()
              .orElse(-1);
      assertEquals(wanted, found, where + ", page " + page);
    }
    assertEquals(runs, mappings.count(), where);
    assertEquals(mapped, mappings.bytes(), where);
  }

  @Test
  void shouldCountWhatWasUsedBefore() {
    UsedAddresses used = new UsedAddresses();
    assertEquals(0, used.extent());
    assertEquals(0, used.add(10, 20));
    assertEquals(0, used.add(30, 40));
    assertEquals(15, used.add(15, 40));
    assertEquals(30, used.extent());
    assertEquals(0, used.add(0, 5));
    assertEquals(5 + 30, used.add(0, 50));
    assertEquals(50, used.add(0, 50));
  }
}
