package vmem.bump;

import allocator.api.RangeVisitor;
import allocator.api.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import vmem.api.AddressArena;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;

/** Arenas for tests. */
final class Arenas {
  private Arenas() {}

  /** {@return an empty arena of its own} */
  static BumpArena of(String name, long quantum) {
    return of(ArenaSpec.of(name, quantum), BumpSettings.DEFAULT);
  }

  /** {@return an empty arena of its own} */
  static BumpArena of(ArenaSpec spec, BumpSettings settings) {
    return new BumpArena(spec, new Territory(spec, settings), () -> 0, closed -> {});
  }

  /** {@return an empty arena that imports} */
  static BumpArena over(AddressSource source, long quantum) {
    return of(new ArenaSpec("child", quantum, Optional.of(source), 0, false), BumpSettings.DEFAULT);
  }

  /** {@return the defaults but for one setting} */
  static BumpSettings settings(String key, String value) {
    return BumpSettings.read(new Settings("vmem.bump", Map.of(key, value)));
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
