package shell.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import shell.text.Sizes;

/** The lines of {@code top} and {@code watch}, as wide and as many as the terminal takes. */
public final class Screen {
  /** What the figures are sorted by. */
  public enum Order {
    /** Those that change fastest first. */
    RATE,
    /** By tier, in the provider's own order. */
    TIER,
    /** The largest first. */
    VALUE
  }

  private static final String ROW = "%-8s %-28s %16s %14s  %s";

  private Screen() {}

  /**
   * {@return a table of figures}
   *
   * @param history the figures over time
   * @param order what to sort by
   * @param tier only of this tier, or all if empty
   * @param width columns of the terminal
   * @param height lines that the table may have, its head included
   */
  public static List<String> figures(
      History history, Order order, String tier, int width, int height) {
    List<String> lines = new ArrayList<>();
    lines.add(
        cut(ROW.formatted("TIER", "FIGURE", "VALUE", "PER SECOND", "UNIT AND COURSE"), width));
    history.series().stream()
        .filter(each -> tier.isEmpty() || each.figure().tier().equals(tier))
        .sorted(comparator(order))
        .limit(Math.max(0, height - 1))
        .forEach(each -> lines.add(cut(row(each), width)));
    return lines;
  }

  private static Comparator<History.Series> comparator(Order order) {
    return switch (order) {
      case TIER -> (_, _) -> 0; // stable: as they are
      case RATE -> Comparator.comparingDouble((History.Series each) -> -Math.abs(each.perSecond()));
      case VALUE -> Comparator.comparingLong((History.Series each) -> -each.figure().value());
    };
  }

  private static String row(History.Series series) {
    Figure figure = series.figure();
    String course = Sparkline.of(series.values());
    return ROW.formatted(
        figure.tier(),
        figure.name(),
        Sizes.count(figure.value()),
        rate(series.perSecond()),
        figure.unit() + " " + course);
  }

  private static String rate(double perSecond) {
    return perSecond == 0 ? "" : String.format(Locale.ROOT, "%+,.0f", perSecond);
  }

  /** {@return a line that is not longer than the terminal is wide} */
  public static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width));
  }
}
