package tck.vmem;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import vmem.api.AddressSource;
import vmem.api.FitPolicy;

/**
 * Where one arena imports from: the ground, or another arena of the script, in whose model each
 * import is a live range. Keeps what is held, and what was wrong with a call. For one thread.
 */
final class SpanSource implements AddressSource {
  private final AddressGround ground;
  private final Optional<ArenaModel> parent;
  private final NavigableMap<Long, Long> imported = new TreeMap<>(Long::compareUnsigned);

  SpanSource(AddressGround ground, Optional<ArenaModel> parent) {
    this.ground = ground;
    this.parent = parent;
  }

  /** {@return the arena that it takes spans from; empty for the ground} */
  Optional<ArenaModel> parent() {
    return parent;
  }

  /** {@return the spans that are held, by base} */
  NavigableMap<Long, Long> imported() {
    return imported;
  }

  @Override
  public long quantum() {
    return parent.map(each -> each.spec.quantum()).orElseGet(ground::quantum);
  }

  @Override
  public long importSpan(long size, FitPolicy policy) {
    if (size % quantum() != 0) {
      ground.wrong = "an import of %d bytes is no multiple of %d".formatted(size, quantum());
      return NONE;
    }
    long base =
        parent.isPresent() ? fromParent(parent.get(), size) : ground.importSpan(size, policy);
    if (base != NONE) {
      imported.put(base, size);
    }
    return base;
  }

  private long fromParent(ArenaModel from, long size) {
    if (ground.fails()) {
      return NONE;
    }
    long base = from.arena.allocate(0, size, FitPolicy.INSTANT);
    if (base != NONE) {
      from.live.put(base, new AddressRange(from.spec.name(), base, size, false));
    }
    return base;
  }

  @Override
  public void releaseSpan(long base, long size) {
    ground.mayThrow();
    Long held = imported.remove(base);
    if (held == null || held != size) {
      ground.wrong = "0x%x + %d was released, and imported was %s".formatted(base, size, held);
    } else if (parent.isPresent()) {
      toParent(parent.get(), base, size);
    } else {
      ground.releaseSpan(base, size);
    }
  }

  // A free whose span could not go on to the parent's own source has taken place.
  private void toParent(ArenaModel to, long base, long size) {
    long calls = ground.calls;
    to.live.remove(base);
    try {
      to.arena.free(0, base, size);
    } catch (RuntimeException e) {
      if (ground.calls == calls) {
        throw e;
      }
    }
  }
}
