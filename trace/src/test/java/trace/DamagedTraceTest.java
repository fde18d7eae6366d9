package trace;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DamagedTraceTest {
  private static final int MUTATIONS = 10_000;

  private static final byte[] LIKELY = Samples.ascii("0123456789 acmrft#-+<>=!@[]x\n\r\t\0\u00ff");

  @Test
  void shouldAnswerDamageWithTraceExceptionOnly() throws TraceException {
    byte[][] originals = {
      Samples.resource("kinds.trace"),
      Samples.resource("small.rep"),
      Samples.resource("small.mtrace"),
      Samples.gzip(Samples.resource("kinds.trace")),
      Samples.ascii(
          Samples.text(new SyntheticTrace(4, new SyntheticTrace.Shape(200, 3, 40, 2, 99)))),
    };
    int refused = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] damaged = damage(originals[seed % originals.length], new Random(seed));
      refused += refuses(damaged, seed) ? 1 : 0;
    }
    assertTrue(refused > MUTATIONS / 2, "only " + refused + " were refused");
    assertFalse(refused == MUTATIONS, "harmless damage is read");
  }

  private static boolean refuses(byte[] damaged, int seed) {
    try {
      Samples.summary(damaged);
      return false;
    } catch (TraceException e) {
      assertFalse(e.reason().isEmpty() || e.remedy().isEmpty(), "seed " + seed);
      return true;
    } catch (RuntimeException e) {
      return fail("seed " + seed + ": " + e, e);
    }
  }

  private static byte[] damage(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = LIKELY[random.nextInt(LIKELY.length)];
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 3 -> bytes = without(bytes, at, 1 + random.nextInt(6));
        default -> bytes = doubled(bytes, at, random.nextInt(24));
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length, at + count);
    if (end - at == bytes.length) {
      return bytes;
    }
    byte[] shorter = new byte[bytes.length - (end - at)];
    System.arraycopy(bytes, 0, shorter, 0, at);
    System.arraycopy(bytes, end, shorter, at, bytes.length - end);
    return shorter;
  }

  private static byte[] doubled(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length, at + count);
    byte[] longer = new byte[bytes.length + end - at];
    System.arraycopy(bytes, 0, longer, 0, end);
    System.arraycopy(bytes, at, longer, end, bytes.length - at);
    return longer;
  }
}
