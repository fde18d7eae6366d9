package vmem.arena;

import allocator.api.RangeVisitor;
import allocator.api.Settings;
import allocator.arena.ArenaTuning;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;

/** Arenas for tests. */
final class Arenas {
  private Arenas() {}

  /** {@return an empty arena of its own} */
  static VmemArena of(String name, long quantum) {
    return of(ArenaSpec.of(name, quantum));
  }

  /** {@return an empty arena of its own} */
  static VmemArena of(ArenaSpec spec) {
    return of(spec, ArenaTuning.DEFAULT);
  }

  /** {@return an empty arena of its own, two CPUs} */
  static VmemArena of(ArenaSpec spec, ArenaTuning settings) {
    return new VmemArena(spec, settings, 2, closed -> {});
  }

  /** {@return an arena that serves each policy as it is asked for, with one span} */
  static VmemArena plain(long quantum, long base, long size) {
    VmemArena arena = of(ArenaSpec.of("plain", quantum), settings("allocator", "instant"));
    arena.addSpan(base, size);
    return arena;
  }

  /** {@return the defaults but for one setting} */
  static ArenaTuning settings(String key, String value) {
    return ArenaTuning.read(new Settings("allocator.arena", Map.of(key, value)));
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
}
