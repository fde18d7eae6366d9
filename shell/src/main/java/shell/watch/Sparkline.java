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
    StringBuilder line = new StringBuilder();
    for (long value : values) {
      double part = greatest == least ? 0 : (value - (double) least) / (greatest - (double) least);
      line.append(BARS.charAt((int) Math.round(part * (BARS.length() - 1))));
    }
    return line.toString();
  }
}
