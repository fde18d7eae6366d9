package tck.vmem;

import allocator.api.CensusSummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import tck.Broken;
import tck.Once;
import tck.Trial;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressEngine;
import vmem.api.AddressProvider;
import vmem.api.AddressSource;
import vmem.api.ArenaSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * Threads, each with a CPU of its own, on the arenas of one engine: no quantum goes to two of them.
 * Now and then a thread hands a range over, and another frees it on its own CPU. The number of
 * calls follows the effort, and what is called the seed; who comes first is left to the machine.
 */
final class AddressRace {
  private static final int THREADS = 3;
  private static final int CALLS = 12_000;
  private static final int UNITS = 4096;
  private static final int MOST_HELD = 100;
  private static final long QUANTUM = 4096;
  private static final long BASE = 0xffff_9000_0000_0000L;

  /** A range, the arena it is of, and how it was got. */
  private record Held(AddressArena arena, long base, long size, boolean constrained) {}

  /** What one race is about. */
  private record Course(
      AddressEngine engine,
      List<AddressArena> arenas,
      ConcurrentMap<Long, Integer> owners, // of quanta, by address: the CPU and 1
      List<Queue<Held>> handedOver, // to each CPU
      AddressGround ground,
      Trial trial) {}

  private final AddressProvider addresses;

  AddressRace(AddressProvider addresses) {
    this.addresses = addresses;
  }

  /** On one arena that has a span and caches. */
  void fixed(Trial trial) throws InterruptedException {
    Course course = course(trial);
    add(course, "tck", Optional.empty(), 4 * QUANTUM).addSpan(BASE, UNITS * QUANTUM);
    race(course);
  }

  /** On an arena that imports small spans that touch, so that they come and go all the time. */
  void importing(Trial trial) throws InterruptedException {
    Course course = course(trial);
    add(course, "tck", Optional.of(course.ground()), 4 * QUANTUM);
    race(course);
  }

  /** On two arenas that import from a third, which imports as well. */
  void tree(Trial trial) throws InterruptedException {
    Course course = course(trial);
    AddressArena root =
        course
            .engine()
            .createArena(
                new ArenaSpec("root", 4 * QUANTUM, Optional.of(course.ground()), 0, false));
    add(course, "left", Optional.of(new ArenaSource(root)), 2 * QUANTUM);
    add(course, "right", Optional.of(new ArenaSource(root)), 0);
    race(course);
  }

  private Course course(Trial trial) {
    AddressGround ground = new AddressGround(THREADS, true);
    List<Queue<Held>> handedOver = new ArrayList<>();
    for (int cpu = 0; cpu < THREADS; cpu++) {
      handedOver.add(new ConcurrentLinkedQueue<>());
    }
    return new Course(
        addresses.open(ground, trial.options().settings()),
        new ArrayList<>(),
        new ConcurrentHashMap<>(),
        handedOver,
        ground,
        trial);
  }

  private static AddressArena add(
      Course course, String name, Optional<AddressSource> source, long cached) {
    AddressArena arena =
        course.engine().createArena(new ArenaSpec(name, QUANTUM, source, cached, false));
    course.arenas().add(arena);
    return arena;
  }

  private static void race(Course course) throws InterruptedException {
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int cpu = 0; cpu < THREADS; cpu++) {
      int own = cpu;
      threads.add(Thread.ofPlatform().daemon().start(new Once(() -> told(course, own, thrown))));
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
    for (int cpu = 0; cpu < THREADS; cpu++) {
      freeHandedOver(course, cpu);
    }
    requireNothing(course);
  }

  private static void told(Course course, int cpu, List<Throwable> thrown) {
    try {
      work(course, cpu);
    } catch (Throwable e) { // whatever it is, it is told
      thrown.add(e);
    }
  }

  private static void requireNothing(Course course) {
    AddressEngine engine = course.engine();
    for (int i = 0; i < course.arenas().size() + 2; i++) {
      engine.drain();
    }
    CensusSummary census = engine.census();
    course
        .trial()
        .require(
            "allocator.18",
            census.liveCount() == 0
                && engine.arenas().stream().allMatch(each -> each.allocatedBytes() == 0)
                && course.ground().heldSpans() == 0
                && course.ground().wrong.isEmpty(),
            () ->
                "all ranges were freed, and the census is %s, %d spans are held; %s"
                    .formatted(census, course.ground().heldSpans(), course.ground().wrong));
    engine.checkInvariants();
    engine.close();
  }

  private static void work(Course course, int cpu) {
    Trial trial = course.trial();
    SplittableRandom random = new SplittableRandom(trial.options().seed() * 31 + cpu);
    List<Held> held = new ArrayList<>();
    for (int i = trial.options().times(CALLS); i > 0; i--) {
      int what = random.nextInt(100);
      if (held.size() < MOST_HELD && what < 53) {
        allocate(course, cpu, random, held);
      } else if (what > 95) {
        freeHandedOver(course, cpu);
      } else if (!held.isEmpty()) {
        Held range = held.remove(random.nextInt(held.size()));
        int to = what % 4 == 0 ? random.nextInt(THREADS) : cpu;
        if (to == cpu) {
          free(course, cpu, range);
        } else {
          claim(course, range, cpu + 1, to + 1);
          course.handedOver().get(to).add(range);
        }
      }
    }
    held.forEach(each -> free(course, cpu, each));
  }

  private static void allocate(Course course, int cpu, SplittableRandom random, List<Held> held) {
    AddressArena arena = course.arenas().get(random.nextInt(course.arenas().size()));
    long size = (1 + random.nextInt(8)) * QUANTUM - random.nextInt(2);
    boolean constrained = random.nextInt(8) == 0;
    long base =
        constrained
            ? arena.allocateConstrained(
                cpu, size, AddressConstraints.aligned(2 * QUANTUM), FitPolicy.INSTANT)
            : arena.allocate(cpu, size, FitPolicy.INSTANT);
    if (base != AddressArena.NONE) {
      Held range = new Held(arena, base, size, constrained);
      claim(course, range, 0, cpu + 1);
      held.add(range);
    }
  }

  private static void freeHandedOver(Course course, int cpu) {
    Queue<Held> queue = course.handedOver().get(cpu);
    for (Held each = queue.poll(); each != null; each = queue.poll()) {
      free(course, cpu, each);
    }
  }

  private static void free(Course course, int cpu, Held range) {
    claim(course, range, cpu + 1, 0);
    if (range.constrained()) {
      range.arena().freeConstrained(cpu, range.base(), range.size());
    } else {
      range.arena().free(cpu, range.base(), range.size());
    }
  }

  // From one owner to another, 0 for nobody.
  private static void claim(Course course, Held range, int from, int to) {
    for (long done = 0; done < range.size(); done += QUANTUM) {
      long at = range.base() + done;
      Integer before = to == 0 ? course.owners().remove(at) : course.owners().put(at, to);
      int owner = before == null ? 0 : before;
      course
          .trial()
          .require(
              "allocator.18",
              owner == from,
              () ->
                  "the quantum at 0x%x is thread %d's, and thread %d had it"
                      .formatted(at, from - 1, owner - 1));
    }
  }
}
