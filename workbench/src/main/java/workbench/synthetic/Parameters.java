package workbench.synthetic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The values of a generator's parameters.
 *
 * @param values by name
 */
public record Parameters(Map<String, Long> values) {
  /** Copies the values. */
  public Parameters {
    values = Map.copyOf(values);
  }

  /**
   * {@return the defaults with some values instead}
   *
   * @param generator whose parameters
   * @param chosen values by name
   * @throws IllegalArgumentException if the generator has no such parameter or does not take the
   *     value
   */
  public static Parameters of(Generator<?> generator, Map<String, Long> chosen) {
    Map<String, Long> values = new HashMap<>();
    generator.parameters().forEach(each -> values.put(each.name(), each.value()));
    chosen.forEach((name, value) -> values.put(name, checked(generator, name, value)));
    return new Parameters(values);
  }

  private static long checked(Generator<?> generator, String name, long value) {
    List<Parameter> all = generator.parameters();
    Parameter parameter =
        all.stream()
            .filter(each -> each.name().equals(name))
            .findAny()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s has no parameter %s; it has: %s"
                        .formatted(
                            generator.name(),
                            name,
                            all.stream().map(Parameter::name).collect(Collectors.joining(", ")))));
    if (value < parameter.least() || value > parameter.most()) {
      throw new IllegalArgumentException(
          "%s: %s %d: takes %d to %d"
              .formatted(generator.name(), name, value, parameter.least(), parameter.most()));
    }
    return value;
  }

  /** {@return a value} */
  long get(String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is no parameter of this generator");
    }
    return value;
  }

  /** {@return a value that fits an int, as its range says} */
  int count(String name) {
    return Math.toIntExact(get(name));
  }
}
