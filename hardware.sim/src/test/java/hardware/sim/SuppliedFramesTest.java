package hardware.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SuppliedFramesTest {
  @Test
  void shouldAgreeWithABitSet() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int frames = 1000;
    try (Arena arena = Arena.ofConfined()) {
      SuppliedFrames supplied =
          new SuppliedFrames(frames, arena.allocate(SuppliedFrames.bytes(frames), 8));
      BitSet model = new BitSet();
      for (int step = 0; step < 5000; step++) {
        int from = random.nextInt(frames);
        int end = from + random.nextInt(Math.min(200, frames - from) + 1);
        if (random.nextBoolean()) {
          supplied.add(from, end);
          model.set(from, end);
        } else {
          supplied.remove(from, end);
          model.clear(from, end);
        }
        compare(supplied, model, random.nextInt(frames), frames, "seed " + seed + " step " + step);
      }
    }
  }

  private static void compare(
      SuppliedFrames supplied, BitSet model, int from, int end, String message) {
    assertEquals(model.get(from), supplied.contains(from), message);
    assertEquals(Math.min(end, model.nextClearBit(from)), supplied.nextMissing(from, end), message);
    int next = model.nextSetBit(from);
    assertEquals(next < 0 ? end : Math.min(end, next), supplied.nextSupplied(from, end), message);
    assertEquals(model.nextClearBit(from) >= end, supplied.all(from, end), message);
    assertEquals(false, supplied.contains(-1), message);
    assertEquals(false, supplied.contains(end), message);
  }
}
