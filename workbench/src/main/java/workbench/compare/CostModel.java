package workbench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What each {@link Count} is taken to cost. The modelled time of a run is the sum of counts times
 * costs, so it can be computed again from stored counts with other costs.
 *
 * @param cycles cycles by {@link Count#key}; what is not named costs nothing
 */
public record CostModel(Map<String, Long> cycles) {
  private static final String SHIPPED = "/workbench/compare/costs.properties";

  /** Checks the names. */
  public CostModel {
    cycles.forEach(CostModel::check);
    cycles = Collections.unmodifiableMap(new TreeMap<>(cycles));
  }

  private static void check(String key, long cost) {
    if (Count.named(key).isEmpty()) {
      throw new IllegalArgumentException(
          "cost %s: no such count; there are %s"
              .formatted(
                  key,
                  Arrays.stream(Count.values()).map(Count::key).collect(Collectors.joining(", "))));
    }
    if (cost < 0) {
      throw new IllegalArgumentException("cost " + key + "=" + cost + ": cycles are at least 0");
    }
  }

  /** {@return the costs that are shipped} */
  public static CostModel shipped() {
    try (InputStream in = CostModel.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException(SHIPPED + " is missing from the workbench's bundle");
      }
      return read(new InputStreamReader(in, StandardCharsets.UTF_8), SHIPPED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the costs in a file of lines {@code COUNT=CYCLES}}
   *
   * @param file a properties file
   * @throws IOException if it cannot be read
   */
  public static CostModel of(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(reader, file.toString());
    }
  }

  private static CostModel read(Reader reader, String name) throws IOException {
    Properties properties = new Properties();
    properties.load(reader);
    Map<String, Long> cycles = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      cycles.put(key, number(properties.getProperty(key), name + ": " + key));
    }
    return new CostModel(cycles);
  }

  private static long number(String text, String what) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + "=" + text + ": write a whole number of cycles, like walkStep=15", e);
    }
  }

  /**
   * {@return these costs with one changed}
   *
   * @param assignment {@code COUNT=CYCLES}
   */
  public CostModel with(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "cost " + assignment + ": write COUNT=CYCLES, like walkStep=15");
    }
    String key = assignment.substring(0, equals).strip();
    Map<String, Long> changed = new TreeMap<>(cycles);
    changed.put(key, number(assignment.substring(equals + 1), "cost " + key));
    return new CostModel(changed);
  }

  /**
   * {@return the modelled cycles of a run}
   *
   * @param run its counts
   */
  public long of(RunFigures run) {
    long sum = 0;
    for (Map.Entry<String, Long> cost : cycles.entrySet()) {
      sum += run.counts().getOrDefault(cost.getKey(), 0L) * cost.getValue();
    }
    return sum;
  }

  /**
   * {@return the modelled cycles of a run per operation}
   *
   * @param run its counts
   */
  public double perOperation(RunFigures run) {
    return (double) of(run) / Math.max(1, Count.OPERATION.of(run.counts()));
  }
}
