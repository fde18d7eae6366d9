package workbench.answers;

import java.util.List;

/**
 * A plot to be drawn: what it shows, not how it looks.
 *
 * @param title a line above it
 * @param horizontal the horizontal axis
 * @param vertical the vertical axis
 * @param series what is plotted, in the order of the legend
 */
public record Plot(String title, Axis horizontal, Axis vertical, List<Series> series) {
  /** Copies the list. */
  public Plot {
    series = List.copyOf(series);
  }

  /**
   * An axis.
   *
   * @param label quantity and unit
   * @param logarithmic whether equal distances are equal ratios; then all values are above 0
   */
  public record Axis(String label, boolean logarithmic) {}

  /**
   * Points of one kind.
   *
   * @param name its text in the legend
   * @param xs horizontal values
   * @param ys vertical values, as many
   * @param joined whether a line joins the points
   */
  public record Series(String name, List<Double> xs, List<Double> ys, boolean joined) {
    /** Copies the lists. */
    public Series {
      xs = List.copyOf(xs);
      ys = List.copyOf(ys);
      if (xs.size() != ys.size() || xs.isEmpty()) {
        throw new IllegalArgumentException(
            "series %s has %d by %d values".formatted(name, xs.size(), ys.size()));
      }
    }
  }

  static Axis linear(String label) {
    return new Axis(label, false);
  }

  static Axis logarithmic(String label) {
    return new Axis(label, true);
  }
}
