package shell.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final long SECOND = 1_000_000_000L;

  private static Figure calls(long value) {
    return new Figure("heap", "calls", value, "calls");
  }

  private static Figure free(long value) {
    return new Figure("machine", "free", value, "frames");
  }

  @Test
  void shouldTellHowFastAFigureChanges() {
    History history = new History(3);
    history.add(List.of(calls(100)), 5 * SECOND);
    assertEquals(0, history.series().getFirst().perSecond());
    history.add(List.of(calls(400)), 7 * SECOND);
    assertEquals(150, history.series().getFirst().perSecond());
    history.add(List.of(calls(300)), 8 * SECOND);
    assertEquals(-100, history.series().getFirst().perSecond());
  }

  @Test
  void shouldKeepTheLastValuesAndForgetFiguresOfWhoHasGone() {
    History history = new History(2);
    history.add(List.of(calls(1), free(9)), 0);
    history.add(List.of(calls(2), free(9)), SECOND);
    history.add(List.of(calls(3)), 2 * SECOND);
    assertEquals(1, history.series().size());
    assertEquals(List.of(2L, 3L), history.series().getFirst().values());
  }

  @Test
  void shouldSortByRateValueAndTier() {
    History history = new History(2);
    history.add(List.of(free(900), calls(1)), 0);
    history.add(List.of(free(890), calls(501)), SECOND);
    assertTrue(Screen.figures(history, Screen.Order.RATE, "", 80, 9).get(1).contains("calls"));
    assertTrue(Screen.figures(history, Screen.Order.VALUE, "", 80, 9).get(1).contains("free"));
    assertTrue(Screen.figures(history, Screen.Order.TIER, "", 80, 9).get(1).contains("-10"));
    assertEquals(2, Screen.figures(history, Screen.Order.TIER, "heap", 80, 9).size());
    assertEquals(2, Screen.figures(history, Screen.Order.TIER, "", 80, 2).size());
    assertTrue(
        Screen.figures(history, Screen.Order.RATE, "", 30, 9).stream()
            .allMatch(line -> line.length() <= 30));
  }

  @Test
  void shouldDrawValuesBetweenTheirLeastAndGreatest() {
    assertEquals("▁▅█▁", Sparkline.of(List.of(-10L, 0L, 8L, -10L)));
    assertEquals("▁▁", Sparkline.of(List.of(7L, 7L)));
    assertEquals("▁█", Sparkline.of(List.of(Long.MIN_VALUE, Long.MAX_VALUE)));
    assertEquals("", Sparkline.of(List.of()));
  }
}
