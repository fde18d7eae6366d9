package workbench.answers;

import java.util.ArrayList;
import java.util.List;

/** A series of a plot in the making. */
final class Curve {
  private final String name;
  private final boolean joined;
  private final List<Double> xs = new ArrayList<>();
  private final List<Double> ys = new ArrayList<>();

  private Curve(String name, boolean joined) {
    this.name = name;
    this.joined = joined;
  }

  /** {@return a series whose points a line joins} */
  static Curve line(String name) {
    return new Curve(name, true);
  }

  /** {@return a series of points that stand alone} */
  static Curve points(String name) {
    return new Curve(name, false);
  }

  /** Adds a point. */
  void add(double x, double y) {
    xs.add(x);
    ys.add(y);
  }

  /** {@return the series} */
  Plot.Series drawn() {
    return new Plot.Series(name, xs, ys, joined);
  }

  /** {@return the series of several curves} */
  static List<Plot.Series> drawn(Iterable<Curve> curves) {
    List<Plot.Series> all = new ArrayList<>();
    curves.forEach(curve -> all.add(curve.drawn()));
    return all;
  }
}
