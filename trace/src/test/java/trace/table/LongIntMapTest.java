package trace.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongIntMapTest {
  @Test
  void shouldRefuseKeyThatIsPresent() {
    LongIntMap map = new LongIntMap();
    assertTrue(map.add(7, 1));
    assertFalse(map.add(7, 2));
    assertEquals(1, map.get(7));
    assertEquals(1, map.size());
  }

  @Test
  void shouldHoldEveryKindOfKey() {
    LongIntMap map = new LongIntMap();
    long[] keys = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32};
    for (int i = 0; i < keys.length; i++) {
      assertTrue(map.add(keys[i], i));
    }
    for (int i = 0; i < keys.length; i++) {
      assertEquals(i, map.get(keys[i]));
    }
    assertEquals(LongIntMap.ABSENT, map.get(5));
    assertEquals(LongIntMap.ABSENT, map.remove(5));
  }

  @Test
  void shouldRefuseValueOutOfRange() {
    LongIntMap map = new LongIntMap();
    var failure = assertThrows(IllegalArgumentException.class, () -> map.add(1, -3));
    assertEquals("value -3 is not in 0 .. 2147483646", failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> map.add(1, Integer.MAX_VALUE));
    assertEquals(0, map.size());
  }

  @Test
  void shouldAgreeWithHashMapUnderRandomUse() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      LongIntMap map = new LongIntMap();
      Map<Long, Integer> model = new HashMap<>();
      for (int step = 0; step < 20_000; step++) {
        long key = random.nextInt(4000) * (seed % 2 == 0 ? 1L : 16_384L);
        String message = "seed " + seed + " step " + step;
        if (random.nextInt(100) < 55) {
          assertEquals(model.putIfAbsent(key, step) == null, map.add(key, step), message);
        } else {
          Integer expected = model.remove(key);
          assertEquals(expected == null ? -1 : expected, map.remove(key), message);
        }
        assertEquals(model.size(), map.size(), message);
      }
      map.checkInvariants();
      model.forEach((key, value) -> assertEquals(value, map.get(key)));
    }
  }
}
