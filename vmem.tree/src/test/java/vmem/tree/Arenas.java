package vmem.tree;

import allocator.api.RangeVisitor;
import allocator.api.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import vmem.api.AddressArena;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;

/** Arenas for tests. */
final class Arenas {
  /** How many CPUs the arenas are made for: their lazy_max is 2 bits' worth. */
  static final int CPUS = 2;

  /** No guards, and what is freed is free at once. */
  static final TreeSettings PLAIN =
      TreeSettings.read(new Settings("vmem.tree", Map.of("guard", "off", "lazy", "0")));

  private Arenas() {}

  /** {@return an empty plain arena} */
  static TreeArena of(String name, long quantum) {
    return of(ArenaSpec.of(name, quantum), PLAIN);
  }

  /** {@return an empty arena of its own} */
  static TreeArena of(ArenaSpec spec, TreeSettings settings) {
    return new TreeArena(spec, new Space(spec, settings, CPUS), closed -> {});
  }

  /** {@return an empty arena that imports} */
  static TreeArena over(AddressSource source, long quantum) {
    return of(new ArenaSpec("child", quantum, Optional.of(source), 0, false), PLAIN);
  }

  /** {@return the defaults but for some settings: key, value, key, value} */
  static TreeSettings settings(String... changes) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < changes.length; i += 2) {
      values.put(changes[i], changes[i + 1]);
    }
    return TreeSettings.read(new Settings("vmem.tree", values));
  }

  /** {@return a figure of an arena} */
  static long figure(AddressArena arena, String name) {
    return arena.statistics().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** {@return all that a walk shows, as {@code base+size} in hexadecimal, separated by spaces} */
  static String shown(Consumer<RangeVisitor> walk) {
    StringJoiner text = new StringJoiner(" ");
    walk.accept((base, size, attributes) -> {
      text.add("%x+%x%s".formatted(base, size, attributes == 0 ? "" : "/" + attributes));
      return true;
    });
    return text.toString();
  }

  /** {@return everything that walks and figures tell, to see that a refusal changed nothing} */
  static String all(AddressArena arena) {
    return String.join(
        " | ",
        shown(arena::walkAllocated),
        shown(arena::walkFree),
        shown(arena::walkSpans),
        arena.statistics().toString());
  }
}
