package shell.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures over time: the last value of each, how fast it changes, and the values before it.
 *
 * <p>Not safe for use by several threads.
 */
public final class History {
  private static final double NANOS = 1e9;

  private final int length;
  private final Map<String, Series> series = new LinkedHashMap<>();
  private long lastNanos;
  private int samples;

  /**
   * Begins without a sample.
   *
   * @param length how many values of each figure are kept, at least 2
   */
  public History(int length) {
    this.length = length;
  }

  /** One figure over time. */
  public static final class Series {
    private final Deque<Long> values = new ArrayDeque<>();
    private Figure last;
    private double perSecond;
    private int seen; // the sample in which it was seen last

    private Series(Figure first) {
      this.last = first;
    }

    /** {@return the figure as it was in the last sample} */
    public Figure figure() {
      return last;
    }

    /** {@return its change per second between the last two samples} */
    public double perSecond() {
      return perSecond;
    }

    /** {@return its values, the oldest first} */
    public List<Long> values() {
      return List.copyOf(values);
    }
  }

  /**
   * Takes a sample. A figure that is not in it is forgotten: its provider has gone.
   *
   * @param figures all figures
   * @param nanos the moment, by {@link System#nanoTime}
   */
  public void add(List<Figure> figures, long nanos) {
    double seconds = samples == 0 ? 0 : (nanos - lastNanos) / NANOS;
    samples++;
    for (Figure figure : figures) {
      add(figure, seconds);
    }
    series.values().removeIf(each -> each.seen != samples);
    lastNanos = nanos;
  }

  private void add(Figure figure, double seconds) {
    Series own = series.computeIfAbsent(figure.key(), key -> new Series(figure));
    long change = figure.value() - own.last.value();
    own.perSecond = seconds > 0 ? change / seconds : 0;
    own.last = figure;
    own.seen = samples;
    own.values.addLast(figure.value());
    if (own.values.size() > length) {
      own.values.removeFirst();
    }
  }

  /** {@return all figures of the last sample, in its order} */
  public List<Series> series() {
    return new ArrayList<>(series.values());
  }

  /** {@return how many samples were taken} */
  public int samples() {
    return samples;
  }
}
