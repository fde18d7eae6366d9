package trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SyntheticTraceTest {
  private static final SyntheticTrace.Shape SHAPE =
      new SyntheticTrace.Shape(50_000, 4, 1000, 2, 1 << 20);

  @Test
  void shouldYieldSameEventsForSameSeedOnly() throws TraceException {
    String one = Samples.text(new SyntheticTrace(1, SHAPE));
    assertEquals(one, Samples.text(new SyntheticTrace(1, SHAPE)));
    assertNotEquals(one, Samples.text(new SyntheticTrace(2, SHAPE)));
  }

  @Test
  void shouldHaveShapeAskedFor() throws TraceException {
    for (long seed = 1; seed <= 20; seed++) {
      String message = "seed " + seed;
      TraceSummary summary = TraceSummary.of(new SyntheticTrace(seed, SHAPE));
      assertEquals(50_000, summary.operations(), message);
      assertEquals(4, summary.threads(), message);
      assertTrue(summary.threadSwitches() > 500, message);
      assertTrue(summary.peakLiveBlocks() > 900 && summary.peakLiveBlocks() < 1300, message);
      assertTrue(summary.finalLiveBlocks() < 400, message);
      assertTrue(summary.zeroed() > 1000 && summary.aligned() > 500, message);
      assertTrue(summary.resizes() > 1000, message);
    }
  }

  @Test
  void shouldYieldNothingWithoutOperations() throws TraceException {
    var empty = new SyntheticTrace(3, new SyntheticTrace.Shape(0, 1, 1, 1, 1));
    assertEquals("", Samples.text(empty));
  }

  @Test
  void shouldRefuseShapeOutOfRange() {
    var failure =
        assertThrows(IllegalArgumentException.class, () -> new SyntheticTrace.Shape(1, 0, 1, 1, 1));
    assertEquals("threads 0 is not in 1 .. 4194304", failure.getMessage());
  }
}
