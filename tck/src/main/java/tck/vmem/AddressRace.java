package tck.vmem;

import allocator.api.CensusSummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import tck.Broken;
import tck.Once;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Threads, each with a CPU of its own, on one arena: no quantum goes to two of them. */
final class AddressRace {
  private static final int THREADS = 3;
  private static final int CALLS = 30_000;
  private static final int UNITS = 4096;
  private static final long QUANTUM = 4096;
  private static final long BASE = 0xffff_9000_0000_0000L;

  private final AddressProvider addresses;

  AddressRace(AddressProvider addresses) {
    this.addresses = addresses;
  }

  void run(Trial trial) throws InterruptedException {
    AddressEngine engine = addresses.open(new AddressGround(THREADS), trial.options().settings());
    AddressArena arena =
        engine.createArena(new ArenaSpec("tck", QUANTUM, Optional.empty(), 4 * QUANTUM, false));
    arena.addSpan(BASE, UNITS * QUANTUM);
    AtomicIntegerArray owners = new AtomicIntegerArray(UNITS);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int cpu = 0; cpu < THREADS; cpu++) {
      int own = cpu;
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  new Once(() -> {
                    try {
                      work(arena, own, owners, trial);
                    } catch (Throwable e) { // whatever it is, it is told
                      thrown.add(e);
                    }
                  })));
    }
    for (Thread each : threads) {
      each.join();
    }
    if (!thrown.isEmpty()) {
      Throwable first = thrown.getFirst();
      throw first instanceof Broken broken
          ? broken
          : Broken.by("allocator.18", "with %d threads".formatted(THREADS), first);
    }
    engine.drain();
    CensusSummary census = engine.census();
    trial.require(
        "allocator.18",
        census.liveCount() == 0 && arena.allocatedBytes() == 0,
        () -> "all ranges were freed, and the census is " + census);
    engine.checkInvariants();
    engine.close();
  }

  private static void work(AddressArena arena, int cpu, AtomicIntegerArray owners, Trial trial) {
    SplittableRandom random = new SplittableRandom(trial.options().seed() * 31 + cpu);
    List<long[]> held = new ArrayList<>();
    for (int i = trial.options().times(CALLS); i > 0; i--) {
      if (held.size() < 100 && random.nextInt(100) < 53) {
        long size = (1 + random.nextInt(8)) * QUANTUM;
        long base = arena.allocate(cpu, size, FitPolicy.INSTANT);
        if (base != AddressArena.NONE) {
          claim(base, size, 0, cpu + 1, owners, trial);
          held.add(new long[] {base, size});
        }
      } else if (!held.isEmpty()) {
        free(arena, cpu, held.remove(random.nextInt(held.size())), owners, trial);
      }
    }
    held.forEach(each -> free(arena, cpu, each, owners, trial));
  }

  private static void free(
      AddressArena arena, int cpu, long[] range, AtomicIntegerArray owners, Trial trial) {
    claim(range[0], range[1], cpu + 1, 0, owners, trial);
    arena.free(cpu, range[0], range[1]);
  }

  private static void claim(
      long base, long size, int from, int to, AtomicIntegerArray owners, Trial trial) {
    for (long at = (base - BASE) / QUANTUM; at < (base - BASE + size) / QUANTUM; at++) {
      int unit = (int) at;
      trial.require(
          "allocator.18",
          owners.compareAndSet(unit, from, to),
          () -> "quantum %d is held by thread %d".formatted(unit, owners.get(unit) - 1));
    }
  }
}
