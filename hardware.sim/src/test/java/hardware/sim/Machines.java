package hardware.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Settings;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small machines for tests. */
final class Machines {
  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;
  static final long TIB = 1L << 40;

  private Machines() {}

  /** A map of spans, given as start and end in turn. */
  static SanitisedMap map(long... bounds) {
    List<UsableSpan> spans = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      spans.add(new UsableSpan(bounds[i], bounds[i + 1], 0));
      bytes += bounds[i + 1] - bounds[i];
    }
    List<UsableSpan> all = List.copyOf(spans);
    return new SanitisedMap(
        4096, all, all, List.of(), List.of(), bytes, 0, 0, 0, Map.of(), List.of());
  }

  /** Asserts that an exception's message says all of this. */
  static void assertSays(Throwable e, String... texts) {
    String message = String.valueOf(e.getMessage());
    for (String text : texts) {
      assertTrue(message.contains(text), message + " should say " + text);
    }
  }

  static SimMachine of(long... bounds) {
    return with(Map.of(), bounds);
  }

  static SimMachine in(Path directory, long... bounds) {
    return with(Map.of("ram.dir", directory.toString()), bounds);
  }

  static SimMachine with(Map<String, String> settings, long... bounds) {
    return SimMachine.build(map(bounds), new Settings("machine", settings));
  }
}
