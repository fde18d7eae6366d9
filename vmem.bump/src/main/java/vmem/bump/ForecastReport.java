package vmem.bump;

import java.util.ArrayList;
import java.util.List;

/** The report {@code forecast}: for each arena what is left, how fast it goes, and when it ends. */
final class ForecastReport {
  private static final String LINE = "%-20s %8s %8s %8s %10s %12s %s";
  private static final String UNITS = "BKMGTPE";
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  private ForecastReport() {}

  /** {@return the lines for some arenas, after a headline} */
  static List<String> of(List<BumpArena> arenas) {
    List<String> lines = new ArrayList<>();
    lines.add(
        LINE.formatted(
            "ARENA", "LEFT", "CONSUMED", "SKIPPED", "RATE", "CALLS LEFT", "EXHAUSTED IN"));
    for (BumpArena arena : arenas) {
      lines.add(line(arena.spec().name(), arena.figures()));
    }
    return lines;
  }

  private static String line(String name, BumpFigures figures) {
    return LINE.formatted(
        name,
        bytes(figures.left()),
        bytes(figures.consumed()),
        bytes(figures.skipped()),
        bytes(figures.rate()) + "/s",
        Long.toUnsignedString(figures.callsLeft()),
        time(figures.secondsLeft()));
  }

  /** {@return bytes with a unit, rounded down to three digits or four} */
  static String bytes(long unsigned) {
    int unit = 0;
    long value = unsigned;
    while (Long.compareUnsigned(value, 10_000) >= 0) {
      value >>>= 10;
      unit++;
    }
    return value + UNITS.substring(unit, unit + 1);
  }

  /** {@return seconds in the two largest units that are not 0} */
  static String time(long seconds) {
    if (seconds == Forecast.NEVER) {
      return "never";
    }
    if (Long.compareUnsigned(seconds, 1000 * YEAR) >= 0) {
      return "over 1000 years";
    }
    if (seconds >= YEAR) {
      return "%dy %dd".formatted(seconds / YEAR, seconds % YEAR / DAY);
    }
    if (seconds >= DAY) {
      return "%dd %dh".formatted(seconds / DAY, seconds % DAY / HOUR);
    }
    return seconds >= HOUR
        ? "%dh %dm".formatted(seconds / HOUR, seconds % HOUR / MINUTE)
        : "%dm %ds".formatted(seconds / MINUTE, seconds % MINUTE);
  }
}
