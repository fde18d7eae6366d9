package tck.heap;

import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import heap.api.CacheSpec;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import tck.Broken;
import tck.Once;
import tck.Script;
import tck.Skipped;
import tck.Trial;

/** Checks of a heap that are no scripts. */
final class HeapTrials {
  private static final long MIB = 1 << 20;

  private final HeapProvider heaps;

  HeapTrials(HeapProvider heaps) {
    this.heaps = heaps;
  }

  private HeapEngine open(HeapGround ground, Trial trial) {
    return heaps.open(ground, trial.options().settings());
  }

  void open(Trial trial) {
    HeapGround ground = new HeapGround(8 * MIB, 2);
    HeapEngine heap = open(ground, trial);
    trial.require(
        "allocator.1",
        heaps.model() != null && !heaps.model().isBlank() && heaps.model().equals(heaps.model()),
        () -> "the provider's model is " + heaps.model());
    trial.require(
        "allocator.2",
        heap.model() != null && !heap.model().isBlank(),
        () -> "the engine's model is " + heap.model());
    trial.require(
        "heap.2",
        Long.bitCount(heap.alignment()) == 1 && heap.alignment() > 0,
        () -> "the alignment is " + heap.alignment());
    CensusSummary census = heap.census();
    trial.require(
        "heap.1",
        census.liveCount() == 0 && census.liveUnits() == 0,
        () -> "the census of a new heap is " + census);
    trial.require("allocator.3", heap.statistics() != null, () -> "statistics are null");
    for (String name : heap.reports()) {
      printed(heap, name, trial);
    }
    noSuchReport(heap, trial);
    heap.checkInvariants();
    closed(heap, trial);
    closed(heap, trial);
  }

  private static void printed(HeapEngine heap, String name, Trial trial) {
    try {
      trial.require("allocator.4", heap.report(name) != null, () -> "report " + name + " is null");
    } catch (RuntimeException e) {
      throw Broken.by("allocator.4", "report " + name + " of an empty heap", e);
    }
  }

  private static void closed(HeapEngine heap, Trial trial) {
    try {
      heap.close();
      trial.fact();
    } catch (RuntimeException e) {
      throw Broken.by("allocator.17", "close", e);
    }
  }

  private static void noSuchReport(HeapEngine heap, Trial trial) {
    try {
      heap.report("no such report");
    } catch (IllegalArgumentException e) {
      trial.fact();
      return;
    }
    throw new Broken("allocator.4", "a report that there is not was printed");
  }

  /** {@return how often a script calls below} */
  static long callsBelow(HeapProvider heaps, Script script, Trial trial) {
    HeapPlayer player = new HeapPlayer(heaps, script, trial);
    player.run();
    return player.callsBelow();
  }

  // What cannot be had any more can be had again when something is freed.
  void recovery(Trial trial) {
    for (long bytes : new long[] {40, 900, 20_000, 300_000}) {
      HeapGround ground = new HeapGround(2 * MIB, 1);
      HeapEngine heap = open(ground, trial);
      List<Long> blocks = fill(heap, bytes);
      trial.require(
          "heap.9",
          blocks.size() > 2 && blocks.size() < 3 * MIB / Math.max(1, bytes),
          () -> "2 MiB gave %d blocks of %d".formatted(blocks.size(), bytes));
      heap.free(0, blocks.removeLast());
      heap.free(0, blocks.removeFirst());
      heap.free(0, blocks.remove(blocks.size() / 2));
      trial.require(
          "heap.9",
          heap.allocate(0, bytes) != HeapEngine.NULL,
          () -> "no block of %d after three such were freed".formatted(bytes));
      heap.checkInvariants();
      heap.close();
    }
  }

  private static List<Long> fill(HeapEngine heap, long bytes) {
    List<Long> blocks = new ArrayList<>();
    for (long block = heap.allocate(0, bytes); block != 0; block = heap.allocate(0, bytes)) {
      blocks.add(block);
      if (blocks.size() > 3 * MIB) {
        throw new Broken("heap.9", "2 MiB never end");
      }
    }
    return blocks;
  }

  void limit(Trial trial) {
    HeapGround ground = new HeapGround(16 * MIB, 1);
    HeapEngine heap = open(ground, trial);
    heap.allocate(0, 100);
    long limit = Math.max(MIB, heap.footprint()) + 3L * ground.page + 1; // no multiple of anything
    heap.footprintLimit(limit);
    trial.require(
        "heap.24",
        heap.footprintLimit() == limit,
        () -> "the limit was set to %d and is %d".formatted(limit, heap.footprintLimit()));
    for (int i = 0; i < 400; i++) {
      heap.allocate(0, i % 8 == 7 ? (long) i << 14 : 10_000); // up to 6 MiB, which is too much
      trial.require(
          "heap.24",
          heap.footprint() <= limit && ground.backedBytes() <= limit,
          () -> "the footprint is %d, the limit %d".formatted(heap.footprint(), limit));
    }
    heap.footprintLimit(Long.MAX_VALUE);
    trial.require(
        "heap.24",
        heap.allocate(0, 2 * MIB) != HeapEngine.NULL,
        () -> "no growth after the limit was lifted");
    heap.close();
  }

  // The same life again and again: what is left over may not grow.
  void reuse(Trial trial) {
    HeapGround ground = new HeapGround(32 * MIB, 2);
    HeapEngine heap = open(ground, trial);
    long first = 0;
    for (int round = 0; round < 12; round++) {
      life(heap, new Random(7), trial);
      heap.drain();
      long before = heap.footprint();
      long given = heap.trim(0);
      trial.require(
          "heap.21",
          given >= 0 && heap.footprint() == before - given,
          () -> "trim gave back %d of %d".formatted(given, before));
      long left = heap.footprint();
      first = round < 2 ? Math.max(first, left) : first;
      long most = first;
      trial.require(
          "heap.28",
          left <= most,
          () -> "with nothing live the footprint grew from %d to %d".formatted(most, left));
    }
    heap.close();
    steady(trial);
  }

  private static void life(HeapEngine heap, Random random, Trial trial) {
    List<Long> live = new ArrayList<>();
    for (int i = 0; i < trial.options().times(3000); i++) {
      if (live.size() < 200 || random.nextInt(100) < 48) {
        long block = heap.allocate(random.nextInt(2), random.nextInt(3000));
        if (block != HeapEngine.NULL) {
          live.add(block);
        }
      } else {
        heap.free(random.nextInt(2), live.remove(random.nextInt(live.size())));
      }
    }
    live.forEach(block -> heap.free(0, block));
  }

  // One size for ever, in a memory that would not last without reuse.
  private void steady(Trial trial) {
    HeapGround ground = new HeapGround(4 * MIB, 1);
    HeapEngine heap = open(ground, trial);
    for (long bytes : new long[] {24, 500, 9000, 100_000}) {
      for (long used = 0; used < 40 * MIB; used += bytes + 4096) {
        long block = heap.allocate(0, bytes);
        trial.require(
            "heap.16",
            block != HeapEngine.NULL,
            () -> "no memory after blocks of %d were allocated and freed".formatted(bytes));
        heap.free(0, block);
      }
    }
    heap.close();
  }

  void caches(Trial trial) {
    HeapGround ground = new HeapGround(16 * MIB, 2);
    HeapEngine heap = open(ground, trial);
    Set<Long> constructed = new HashSet<>();
    int[] twice = {0};
    CacheSpec spec =
        new CacheSpec(
            "tck",
            200,
            64,
            Optional.of((memory, address) -> {
              twice[0] += constructed.add(address) ? 0 : 1;
              memory.fill(address, 200, (byte) 0x5A);
            }),
            Optional.of((memory, address) -> constructed.remove(address)));
    Optional<ObjectCache> made = heap.createCache(spec);
    if (made.isEmpty()) {
      heap.close();
      throw new Skipped("it has no caches of its own; the kernel serves objects as blocks");
    }
    ObjectCache cache = made.get();
    Random random = new Random(trial.options().seed());
    List<Long> live = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < trial.options().times(3000); i++) {
      if (live.isEmpty() || random.nextInt(100) < 52) {
        object(cache, ground, constructed, live, seen, trial);
        heap.allocate(0, random.nextInt(300));
      } else {
        long gone = live.remove(random.nextInt(live.size()));
        seen.remove(gone);
        cache.free(random.nextInt(2), gone);
      }
    }
    trial.require(
        "heap.25", twice[0] == 0, () -> twice[0] + " objects were constructed a second time");
    end(cache, live, trial);
    heap.close();
  }

  private static void object(
      ObjectCache cache,
      HeapGround ground,
      Set<Long> constructed,
      List<Long> live,
      Set<Long> seen,
      Trial trial) {
    long object = cache.allocate(live.size() % 2);
    if (object == 0) {
      return;
    }
    trial.require(
        "heap.25",
        seen.add(object) && (object & 63) == 0,
        () -> "object 0x%x is live already, or not aligned to 64".formatted(object));
    trial.require(
        "heap.25",
        constructed.contains(object)
            && ground.memory.getByte(object) == 0x5A
            && ground.memory.getByte(object + 199) == 0x5A,
        () -> "object 0x%x is not in its constructed state".formatted(object));
    live.add(object);
  }

  private static void end(ObjectCache cache, List<Long> live, Trial trial) {
    if (!live.isEmpty()) {
      try {
        cache.close();
        throw new Broken("heap.25", "a cache with live objects was closed");
      } catch (MisuseException e) {
        trial.fact();
      }
    }
    live.forEach(object -> cache.free(0, object));
    cache.reap();
    cache.close();
  }

  // An engine whose blocks lodge: asked by several threads, it says the same until it is closed.
  void relieved(Trial trial) throws InterruptedException {
    HeapGround ground = new HeapGround(16 * MIB, 2);
    HeapEngine heap = open(ground, trial);
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      blocks.add(heap.allocate(i % 2, i % 700));
    }
    for (int i = 0; i < blocks.size(); i += 3) {
      heap.free(1, blocks.get(i));
    }
    heap.drain();
    CensusSummary before = heap.census();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 3; t++) {
      threads.add(
          Thread.ofPlatform().daemon().start(new Once(() -> ask(heap, before, trial, thrown))));
    }
    for (Thread each : threads) {
      each.join();
    }
    if (!thrown.isEmpty()) {
      throw Broken.by("allocator.21", "asked by three threads", thrown.getFirst());
    }
    heap.close();
  }

  private static void ask(
      HeapEngine heap, CensusSummary before, Trial trial, List<Throwable> thrown) {
    try {
      for (int i = 0; i < 5; i++) {
        heap.walk((base, size, attributes) -> {
          trial.require(
              "allocator.21",
              heap.usableSize(base) == size,
              () -> "the size of 0x%x is not %d".formatted(base, size));
          return true;
        });
        CensusSummary now = heap.census();
        trial.require(
            "allocator.21", before.equals(now), () -> "%s became %s".formatted(before, now));
      }
    } catch (Throwable e) { // whatever it is
      thrown.add(e);
    }
  }

  // Two engines of one provider, the one full, the other empty.
  void apart(Trial trial) {
    HeapEngine one = open(new HeapGround(4 * MIB, 1), trial);
    HeapEngine other = open(new HeapGround(4 * MIB, 1), trial);
    for (int i = 0; i < 500; i++) {
      one.allocate(0, 100);
    }
    trial.require(
        "allocator.20",
        other.census().liveCount() == 0 && other.checkInvariants() >= 0,
        () -> "blocks of one engine show in another: " + other.census());
    long block = other.allocate(0, 100);
    one.close();
    trial.require(
        "allocator.20",
        block != 0 && other.census().liveCount() == 1 && other.usableSize(block) >= 100,
        () -> "an engine changed as another was closed");
    other.free(0, block);
    other.close();
  }
}
