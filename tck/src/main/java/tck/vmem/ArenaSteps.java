package tck.vmem;

import java.util.NavigableMap;
import java.util.Optional;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Steps that make arenas, add spans to them and close them. For one thread. */
final class ArenaSteps {
  private static final long KERNEL = 0xffff_8000_0000_0000L;
  private static final long APART = 1L << 36; // of the spans of different arenas
  private static final String FROM = "from:";

  private final AddressScene scene;
  private final Trial trial;
  private int made;

  ArenaSteps(AddressScene scene) {
    this.scene = scene;
    this.trial = scene.trial;
  }

  /**
   * Makes an arena.
   *
   * @param kind fixed, import, identifier or from:NAME
   */
  void arena(String name, long quantum, String kind, long cached) {
    Optional<AddressSource> source = Optional.empty();
    if (kind.startsWith(FROM)) {
      Optional<ArenaModel> parent = scene.known(kind.substring(FROM.length()));
      if (parent.isEmpty()) {
        return;
      }
      source = Optional.of(new SpanSource(scene.ground, parent));
    } else if (kind.equals("import")) {
      source = Optional.of(new SpanSource(scene.ground, Optional.empty()));
    } else if (!kind.equals("fixed") && !kind.equals("identifier")) {
      throw new IllegalArgumentException(kind + ": fixed, import, identifier or from:ARENA");
    }
    ArenaSpec spec =
        new ArenaSpec(name, quantum, source, cached * quantum, kind.equals("identifier"));
    AddressArena arena = scene.engine.createArena(spec);
    trial.require(
        "vmem.2",
        arena.spec().equals(spec) && arena.freeBytes() == 0,
        () -> "an arena was made as " + arena.spec());
    scene.arenas.put(name, new ArenaModel(spec, made++, arena));
    scene.refused("vmem.2", "a second arena of one name", () -> scene.engine.createArena(spec));
  }

  /** Adds a span to an arena that is filled by hand, unless one is there. */
  void span(ArenaModel at, String place, long units) {
    long size = units * at.spec.quantum();
    long far = APART * (at.index + 1) + 2L * at.spans.size() * size;
    long base =
        switch (place) {
          case "zero" -> 0;
          case "low" -> far;
          case "kernel" -> KERNEL + far;
          case "end" -> -size;
          case "touch" ->
              at.spans.isEmpty() ? far : at.spans.lastKey() + at.spans.lastEntry().getValue();
          default ->
              throw new IllegalArgumentException(place + ": zero, low, kernel, end or touch");
        };
    boolean fits = Long.compareUnsigned(base, base + size - 1) <= 0;
    if (at.spec.source().isPresent() || !fits || ArenaModel.overlaps(at.spans, base, size)) {
      return;
    }
    scene.done("vmem.6", () -> at.arena.addSpan(base, size));
    at.spans.put(base, size);
  }

  /** Asks for what there is not. */
  void wrong(ArenaModel at) {
    long quantum = at.spec.quantum();
    AddressArena arena = at.arena;
    scene.refused("vmem.11", "a range of 0 bytes", () -> arena.allocate(0, 0, FitPolicy.INSTANT));
    scene.refused("vmem.6", "an empty span", () -> arena.addSpan(quantum << 20, 0));
    scene.refused("vmem.6", "a span past the end", () -> arena.addSpan(-quantum, 2 * quantum));
    if (quantum > 1) {
      scene.refused("vmem.6", "a span not in quanta", () -> arena.addSpan(1, quantum));
      scene.refused("vmem.6", "a span of half a quantum", () -> arena.addSpan(0, quantum / 2));
    }
    wrongSpans(at, at.spans);
    contradiction(arena, "an alignment of 3", quantum, 3 * quantum, 0, 0);
    contradiction(arena, "a phase not below the alignment", quantum, quantum, quantum, 0);
    contradiction(arena, "a range longer than nocross", 4 * quantum, quantum, 0, 2 * quantum);
  }

  // Twice, and with one quantum too many on either side.
  private void wrongSpans(ArenaModel at, NavigableMap<Long, Long> spans) {
    if (spans.isEmpty()) {
      return;
    }
    long quantum = at.spec.quantum();
    long base = spans.firstKey();
    long last = base + spans.firstEntry().getValue() - quantum;
    scene.refused("vmem.6", "a span twice", () -> at.arena.addSpan(base, quantum));
    scene.refused(
        "vmem.6", "a span over the end of one", () -> at.arena.addSpan(last, 2 * quantum));
    if (base != 0) {
      scene.refused(
          "vmem.6",
          "a span over the begin of one",
          () -> at.arena.addSpan(base - quantum, 2 * quantum));
    }
  }

  private void contradiction(
      AddressArena arena, String what, long size, long align, long phase, long nocross) {
    scene.refused(
        "vmem.14",
        what,
        () ->
            arena.allocateConstrained(
                0, size, new AddressConstraints(align, phase, nocross, 0, 0), FitPolicy.INSTANT));
  }

  /** Closes an arena that no other imports from; with live ranges it must refuse. */
  void close(ArenaModel at) {
    if (!at.live.isEmpty()) {
      scene.refused("vmem.25", "closing an arena with live ranges", at.arena::close);
      return;
    }
    if (scene.arenas.values().stream().anyMatch(each -> imports(each, at))) {
      return;
    }
    scene.noFailure();
    scene.engine.drain();
    scene.done("vmem.25", at.arena::close);
    scene.arenas.remove(at.spec.name());
    trial.require(
        "vmem.25",
        at.source().isEmpty() || at.heldSpans().isEmpty(),
        () -> "after the arena was closed these spans are held: " + at.heldSpans());
  }

  private static boolean imports(ArenaModel each, ArenaModel from) {
    return each.source().flatMap(SpanSource::parent).filter(from::equals).isPresent();
  }
}
