package shell.watch;

import java.util.List;

/** Values as a line of bars, after Tufte's sparklines. */
public final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /**
   * {@return a bar per value, between the least and the greatest of them; values that are all equal
   * are low bars}
   */
  public static String of(List<Long> values) {
    long least = values.stream().mapToLong(each -> each).min().orElse(0);
    long greatest = values.stream().mapToLong(each -> each).max().orElse(0);
    return of(values, least, greatest);
  }

  /**
   * {@return a bar per value, on a scale that several lines may share}
   *
   * @param least what the lowest bar stands for, and what is below
   * @param greatest what the highest bar stands for, and what is above
   */
  public static String of(List<Long> values, long least, long greatest) {
    StringBuilder line = new StringBuilder();
    for (long value : values) {
      long within = Math.clamp(value, least, Math.max(least, greatest));
      double part = greatest <= least ? 0 : (within - (double) least) / (greatest - (double) least);
      line.append(BARS.charAt((int) Math.round(part * (BARS.length() - 1))));
    }
    return line.toString();
  }
}
