package workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How many passes a warm-up makes. */
class WarmupTest {
  private int made;

  private long pass(long operations) {
    made++;
    return operations;
  }

  @Test
  void shouldMakeNoPassIfThereIsToBeNone() throws IOException {
    assertEquals(0, Warmup.NONE.run(() -> pass(10)));
    assertEquals(0, made);
  }

  @Test
  void shouldMakeExactlyAsManyPassesAsToldHoweverLong() throws IOException {
    long operations = Warmup.exactly(3).run(() -> pass(Warmup.MOST_OPERATIONS));
    assertEquals(3 * Warmup.MOST_OPERATIONS, operations);
    assertEquals(3, made);
  }

  @Test
  void shouldEndByItselfOnceEnoughWasReplayed() throws IOException {
    long operations = Warmup.DEFAULT.run(() -> pass(Warmup.MOST_OPERATIONS / 2));
    assertEquals(Warmup.MOST_OPERATIONS, operations);
    assertEquals(2, made);
  }

  @Test
  void shouldEndIfThereIsNothingToReplay() throws IOException {
    assertEquals(0, Warmup.exactly(5).run(() -> pass(0)));
    assertEquals(1, made);
  }

  @Test
  void shouldRefuseANegativeNumberOfPasses() {
    assertThrows(IllegalArgumentException.class, () -> Warmup.exactly(-1));
  }
}
