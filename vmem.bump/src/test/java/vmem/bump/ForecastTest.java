package vmem.bump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** How fast an arena is used up and when it ends, by a clock that the test moves. */
class ForecastTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long PAGE = 0x1000;

  private long now = 77;
  private final BumpEngine engine = new BumpEngine(new Settings("vmem.bump", Map.of()), () -> now);
  private final AddressArena arena = engine.createArena(ArenaSpec.of("kernel", PAGE));

  private void use(long pages, long seconds) {
    arena.allocate(0, pages * PAGE, FitPolicy.FIRST);
    now += seconds * SECOND;
  }

  private void assertRate(long rate, long secondsLeft) {
    assertEquals(rate, Arenas.figure(arena, "rate"));
    assertEquals(secondsLeft, Arenas.figure(arena, "seconds_left"));
  }

  @Test
  void shouldForetellTheEndFromTheRate() {
    arena.addSpan(0, 1000 * PAGE);
    assertRate(0, Forecast.NEVER);
    use(100, 10);
    assertRate(10 * PAGE, 90);
    use(200, 10);
    assertRate(15 * PAGE, 46);
    now += 1000 * SECOND;
    use(0x100, 1);
    assertTrue(Arenas.figure(arena, "rate") < PAGE);
    use(1000 - 300 - 0x100, 0);
    assertEquals(0, Arenas.figure(arena, "seconds_left"));
  }

  @Test
  void shouldForgetWhatIsLongAgoIfAskedNowAndThen() {
    arena.addSpan(0, 1_000_000 * PAGE);
    use(10_000, 1);
    for (int second = 0; second < 120; second++) {
      use(2, 1);
      Arenas.figure(arena, "rate");
    }
    assertEquals(2 * PAGE, Arenas.figure(arena, "rate"));
    now += 1000 * SECOND;
    Arenas.figure(arena, "rate");
    now += 31 * SECOND;
    Arenas.figure(arena, "rate");
    assertRate(0, Forecast.NEVER);
  }

  @Test
  void shouldPrintAReport() {
    arena.addSpan(0, 1L << 46);
    use(256, 1);
    AddressArena idle = engine.createArena(ArenaSpec.of("idle", 1));
    idle.addSpan(1, 9999);
    assertEquals(List.of("forecast"), engine.reports());
    assertEquals(
        List.of(
            "ARENA                    LEFT CONSUMED  SKIPPED       RATE   CALLS LEFT EXHAUSTED IN",
            "kernel                    63T    1024K       0B    1024K/s     67108863 2y 46d",
            "idle                    9999B       0B       0B       0B/s         9999 never"),
        engine.report("forecast"));
    assertThrows(IllegalArgumentException.class, () -> engine.report("vmem"));
    Map<String, Long> sums = new java.util.HashMap<>();
    engine.statistics().forEach(figure -> sums.put(figure.name(), figure.value()));
    assertEquals(((1L << 46) - (1 << 20)) >>> 20, sums.get("seconds_left"));
  }

  @Test
  void shouldShowBytesAndTimesInFittingUnits() {
    assertEquals("9999B", ForecastReport.bytes(9999));
    assertEquals("9K", ForecastReport.bytes(10_000));
    assertEquals("15E", ForecastReport.bytes(-1));
    assertEquals("0m 59s", ForecastReport.time(59));
    assertEquals("23h 59m", ForecastReport.time(86_399));
    assertEquals("364d 0h", ForecastReport.time(364 * 86_400L));
    assertEquals("999y 0d", ForecastReport.time(999 * 365 * 86_400L));
    assertEquals("over 1000 years", ForecastReport.time(-1));
  }

  @Test
  void shouldKeepTheRateApartFromWhatWasTakenOver() {
    arena.addSpan(0, 1000 * PAGE);
    use(500, 1);
    BumpEngine heir = new BumpEngine(new Settings("vmem.bump", Map.of()), () -> now);
    heir.adopt(engine.exportState(BumpLayout.FORM));
    assertEquals(0, Arenas.figure(heir.arenas().getFirst(), "rate"));
  }
}
