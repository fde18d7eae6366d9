package workbench.answers;

import java.util.LinkedHashMap;
import java.util.Map;

/** What an experiment found: figures, tables and plots, each under a name of its own. */
final class Findings {
  /** A figure as a number, for expectations, and as text, for prose. */
  record Figure(double value, String text) {}

  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, Grid> tables = new LinkedHashMap<>();
  private final Map<String, Plot> plots = new LinkedHashMap<>();

  /** Adds a figure with its text. */
  void figure(String name, double value, String text) {
    if (figures.put(name, new Figure(value, text)) != null) {
      throw new IllegalStateException("figure " + name + " was found twice");
    }
  }

  /** Adds a figure written as a plain number. */
  void number(String name, double value) {
    figure(name, value, Shown.number(value));
  }

  /** Adds a figure written as a plain number. */
  void number(String name, long value) {
    number(name, (double) value);
  }

  /** Adds a figure written as bytes. */
  void bytes(String name, long value) {
    bytes(name, (double) value);
  }

  /** Adds a figure written as bytes. */
  void bytes(String name, double value) {
    figure(name, value, Shown.bytes(value));
  }

  /** Adds a figure written as a percentage. */
  void percent(String name, double share) {
    figure(name, share, Shown.percent(share));
  }

  /** Adds a table. */
  void table(String name, Grid table) {
    tables.put(name, table);
  }

  /** Adds a plot. */
  void plot(String name, Plot plot) {
    plots.put(name, plot);
  }

  /** {@return the figures by name} */
  Map<String, Figure> figures() {
    return figures;
  }

  /** {@return the tables by name} */
  Map<String, Grid> tables() {
    return tables;
  }

  /** {@return the plots by name} */
  Map<String, Plot> plots() {
    return plots;
  }
}
