package tck.vmem;

import allocator.api.CensusSummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import tck.Broken;
import tck.Once;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Checks of an address engine that are no scripts. */
final class AddressTrials {
  private static final long QUANTUM = 4096;
  private static final long BASE = 1L << 30;
  private static final int RANGES = 2000;
  private static final int ASKERS = 3;
  private static final int ROUNDS = 5;

  private final AddressProvider addresses;

  AddressTrials(AddressProvider addresses) {
    this.addresses = addresses;
  }

  private AddressEngine engine(Trial trial) {
    return addresses.open(new AddressGround(2, false), trial.options().settings());
  }

  // Whatever holds of a new engine.
  void open(Trial trial) {
    AddressEngine engine = engine(trial);
    trial.require(
        "allocator.1",
        addresses.model() != null && !addresses.model().isBlank(),
        () -> "the provider's model is " + addresses.model());
    trial.require(
        "allocator.2",
        engine.model() != null && !engine.model().isBlank(),
        () -> "the engine's model is " + engine.model());
    trial.require("vmem.1", engine.arenas().isEmpty(), () -> "a new engine has arenas");
    noSuchReport(engine, trial);
    engine.checkInvariants();
    engine.close();
    engine.close();
  }

  private static void noSuchReport(AddressEngine engine, Trial trial) {
    try {
      engine.report("no such report");
    } catch (IllegalArgumentException e) {
      trial.fact();
      return;
    }
    throw new Broken("allocator.4", "a report that there is not was printed");
  }

  // Two engines of one provider.
  void apart(Trial trial) {
    AddressEngine one = engine(trial);
    AddressEngine other = engine(trial);
    AddressArena arena = one.createArena(ArenaSpec.of("tck", QUANTUM));
    arena.addSpan(BASE, 256 * QUANTUM);
    AddressArena same = other.createArena(ArenaSpec.of("tck", QUANTUM));
    same.addSpan(BASE, 256 * QUANTUM);
    for (int i = 0; i < 100; i++) {
      arena.allocate(0, QUANTUM, FitPolicy.INSTANT);
    }
    trial.require(
        "allocator.20",
        other.census().liveCount() == 0 && other.checkInvariants() >= 0,
        () -> "ranges of one engine show in another: " + other.census());
    long base = same.allocate(0, 2 * QUANTUM, FitPolicy.INSTANT);
    one.close();
    trial.require(
        "allocator.20",
        other.census().liveCount() == 1,
        () -> "an engine changed as another was closed: " + other.census());
    same.free(0, base, 2 * QUANTUM);
    other.close();
  }

  /** A range as a walk shows it. */
  private record Shown(long base, long size, long attributes) {}

  /** All that an engine shows. */
  private record View(List<Shown> live, List<Shown> managed, CensusSummary census) {
    static View of(AddressEngine engine) {
      List<Shown> live = new ArrayList<>();
      List<Shown> managed = new ArrayList<>();
      engine.walk((base, size, attributes) -> live.add(new Shown(base, size, attributes)));
      engine.managed((base, size, attributes) -> managed.add(new Shown(base, size, attributes)));
      return new View(List.copyOf(live), List.copyOf(managed), engine.census());
    }
  }

  // An engine whose ranges lodge: asked by several threads, it says the same until it is closed.
  void relieved(Trial trial) throws InterruptedException {
    AddressEngine engine = engine(trial);
    AddressArena parent = engine.createArena(ArenaSpec.of("parent", QUANTUM));
    parent.addSpan(BASE, 64L * RANGES * QUANTUM);
    AddressArena child =
        engine.createArena(
            new ArenaSpec(
                "child", QUANTUM, Optional.of(new ArenaSource(parent)), 4 * QUANTUM, false));
    List<long[]> ranges = new ArrayList<>();
    for (int i = 0; i < RANGES; i++) {
      AddressArena arena = i % 2 == 0 ? parent : child;
      long size = 1 + i * 37L % (6 * QUANTUM);
      ranges.add(new long[] {arena.allocate(i % 2, size, FitPolicy.INSTANT), size});
    }
    for (int i = 0; i < RANGES; i += 3) {
      (i % 2 == 0 ? parent : child).free(1, ranges.get(i)[0], ranges.get(i)[1]);
    }
    engine.drain();
    View before = View.of(engine);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < ASKERS; i++) {
      threads.add(
          Thread.ofPlatform().daemon().start(new Once(() -> ask(engine, before, trial, thrown))));
    }
    for (Thread each : threads) {
      each.join();
    }
    if (!thrown.isEmpty()) {
      throw Broken.by("allocator.21", "asked by %d threads".formatted(ASKERS), thrown.getFirst());
    }
    engine.close();
  }

  private static void ask(AddressEngine engine, View before, Trial trial, List<Throwable> thrown) {
    try {
      for (int i = 0; i < ROUNDS; i++) {
        View now = View.of(engine);
        trial.require(
            "allocator.21",
            before.equals(now),
            () ->
                "%d ranges in %d spans, %s, became %d in %d, %s"
                    .formatted(
                        before.live().size(),
                        before.managed().size(),
                        before.census(),
                        now.live().size(),
                        now.managed().size(),
                        now.census()));
      }
    } catch (Throwable e) { // whatever it is, it is told
      thrown.add(e);
    }
  }
}
