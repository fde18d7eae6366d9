package kernel.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class PageBitsTest {
  private static final long FAR = 0xFFFF_8000_0000_0000L >>> 12;

  @RepeatedTest(20)
  void shouldAgreeWithASetOfNumbers(RepetitionInfo repetition) {
    long seed = 4_711L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    PageBits bits = new PageBits();
    TreeSet<Long> model = new TreeSet<>();
    for (int step = 0; step < 400; step++) {
      long page = FAR + random.nextInt(20_000);
      long count = 1 + random.nextInt(random.nextInt(8) == 0 ? 9_000 : 130);
      boolean set = random.nextBoolean();
      for (long p = page; p < page + count; p++) {
        boolean changed = set ? model.add(p) : model.remove(p);
        assertEquals(changed, bits.count(p, 1) == (set ? 0 : 1), "seed " + seed);
      }
      if (set) {
        bits.set(page, count);
      } else {
        bits.clear(page, count);
      }
      long from = FAR + random.nextInt(20_000);
      long length = random.nextInt(10_000);
      assertEquals(
          model.subSet(from, from + length).size(),
          bits.count(from, length),
          "seed " + seed + ", step " + step);
    }
  }

  @Test
  void shouldGiveTheMemoryOfEmptyStretchesBack() {
    PageBits bits = new PageBits();
    for (long page = FAR; page < FAR + (1L << 24); page += 1L << 14) {
      bits.set(page, 100);
      bits.clear(page, 100);
    }
    assertEquals(0, bits.chunks());
  }

  @Test
  void shouldCountNothingWhereNothingWasEverSet() {
    assertEquals(0, new PageBits().count(FAR, 100_000));
  }
}
