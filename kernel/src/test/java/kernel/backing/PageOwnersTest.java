package kernel.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who holds which page, against a plain array. */
final class PageOwnersTest {
  private static final long BASE = 0xffff_8000_0000_0000L;
  private static final int PAGES = 2000; // more than a chunk has

  @Test
  void shouldKnowEachPageAndCountThem() {
    Random random = new Random(4);
    PageOwners owners = new PageOwners(BASE, (long) PAGES << 12, 12);
    int[] model = new int[PAGES];
    for (int round = 0; round < 500; round++) {
      int from = random.nextInt(PAGES);
      int count = random.nextInt(PAGES - from + 1);
      int owner = random.nextInt(4);
      owners.set(BASE + ((long) from << 12), (long) count << 12, owner);
      java.util.Arrays.fill(model, from, from + count, owner);
      compare(owners, model);
    }
  }

  private static void compare(PageOwners owners, int[] model) {
    int[] held = new int[4];
    for (int page = 0; page < PAGES; page++) {
      assertEquals(model[page], owners.of(BASE + ((long) page << 12)));
      held[model[page]]++;
    }
    for (int owner = 1; owner < 4; owner++) {
      assertEquals((long) held[owner] << 12, owners.bytes(owner));
    }
  }
}
