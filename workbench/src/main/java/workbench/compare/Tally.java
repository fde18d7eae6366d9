package workbench.compare;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A number per {@link Count}. Not safe for use by several threads at once. */
final class Tally {
  private final EnumMap<Count, Long> numbers = new EnumMap<>(Count.class);

  Tally() {
    for (Count what : Count.values()) {
      numbers.put(what, 0L);
    }
  }

  void add(Count what, long number) {
    numbers.merge(what, number, Long::sum);
  }

  long get(Count what) {
    return numbers.getOrDefault(what, 0L);
  }

  /** Returns the numbers by {@link Count#key}, in the order of the counts. */
  Map<String, Long> byKey() {
    Map<String, Long> byKey = new LinkedHashMap<>();
    numbers.forEach((what, number) -> byKey.put(what.key(), number));
    return Collections.unmodifiableMap(byKey);
  }
}
