package tck.heap;

import allocator.api.CensusSummary;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tck.Broken;
import tck.Once;
import tck.Trial;

/**
 * Threads, each with a CPU of its own, that allocate, fill, hand blocks to each other, verify and
 * free; and one that asks for figures meanwhile.
 */
final class HeapRace {
  private static final int THREADS = 3;
  private static final int CALLS = 60_000;
  private static final int HELD = 64;
  private static final long WATCH_NANOS = 50_000; // leaves a lock to the others

  /** A block that is handed on: its first and last bytes hold its mark. */
  private record Parcel(long address, int bytes, byte mark) {}

  private final HeapProvider heaps;

  HeapRace(HeapProvider heaps) {
    this.heaps = heaps;
  }

  void run(Trial trial) throws InterruptedException {
    HeapGround ground = new HeapGround(32L << 20, THREADS);
    HeapEngine heap = heaps.open(ground, trial.options().settings());
    ConcurrentLinkedQueue<Parcel> post = new ConcurrentLinkedQueue<>();
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int cpu = 0; cpu < THREADS; cpu++) {
      int own = cpu;
      threads.add(start(thrown, () -> work(heap, ground, own, post, trial)));
    }
    Thread watcher = start(thrown, () -> watch(heap, over));
    try {
      for (Thread each : threads) {
        each.join();
      }
    } finally {
      over.set(true); // also if one hangs and the check is given up
      threads.forEach(Thread::interrupt);
    }
    watcher.join();
    if (!thrown.isEmpty()) {
      Throwable first = thrown.getFirst();
      throw first instanceof Broken broken
          ? broken
          : Broken.by("allocator.18", "with %d threads".formatted(THREADS), first);
    }
    post.forEach(each -> free(heap, ground, 0, each, trial));
    home(heap, ground, trial);
  }

  private static Thread start(List<Throwable> thrown, Runnable body) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            new Once(() -> {
              try {
                body.run();
              } catch (Throwable e) { // whatever it is, it is told
                thrown.add(e);
              }
            }));
  }

  private static void watch(HeapEngine heap, AtomicBoolean over) {
    while (!over.get()) {
      heap.statistics();
      heap.reports().forEach(heap::report);
      heap.footprint();
      LockSupport.parkNanos(WATCH_NANOS);
    }
  }

  private static void work(
      HeapEngine heap,
      HeapGround ground,
      int cpu,
      ConcurrentLinkedQueue<Parcel> post,
      Trial trial) {
    SplittableRandom random = new SplittableRandom(trial.options().seed() * 31 + cpu);
    List<Parcel> held = new ArrayList<>();
    for (int i = trial.options().times(CALLS); i > 0; i--) {
      int choice = random.nextInt(100);
      if (held.size() < HELD && choice < 55) {
        allocate(heap, ground, cpu, random, held);
      } else if (choice < 65 && !held.isEmpty()) {
        post.add(held.remove(random.nextInt(held.size())));
      } else if (choice < 78) {
        Parcel parcel = post.poll();
        if (parcel != null) {
          free(heap, ground, cpu, parcel, trial);
        }
      } else if (!held.isEmpty()) {
        free(heap, ground, cpu, held.remove(random.nextInt(held.size())), trial);
      }
    }
    post.addAll(held);
  }

  private static void allocate(
      HeapEngine heap, HeapGround ground, int cpu, SplittableRandom random, List<Parcel> held) {
    int bytes = 1 + (random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(500));
    long address = heap.allocate(cpu, bytes);
    if (address != HeapEngine.NULL) {
      byte mark = (byte) random.nextInt();
      ground.memory.fill(address, bytes, mark);
      held.add(new Parcel(address, bytes, mark));
    }
  }

  private static void free(
      HeapEngine heap, HeapGround ground, int cpu, Parcel parcel, Trial trial) {
    long last = parcel.address() + parcel.bytes() - 1;
    long middle = parcel.address() + parcel.bytes() / 2;
    trial.require(
        "allocator.18",
        ground.memory.getByte(parcel.address()) == parcel.mark()
            && ground.memory.getByte(middle) == parcel.mark()
            && ground.memory.getByte(last) == parcel.mark(),
        () ->
            "the block of %d at 0x%x was written to by somebody else"
                .formatted(parcel.bytes(), parcel.address()));
    heap.free(cpu, parcel.address());
  }

  private static void home(HeapEngine heap, HeapGround ground, Trial trial) {
    heap.drain();
    CensusSummary census = heap.census();
    trial.require(
        "allocator.18",
        census.liveCount() == 0,
        () -> "all blocks were freed, and the census is " + census);
    heap.checkInvariants();
    heap.trim(0);
    trial.require(
        "heap.22",
        heap.footprint() == ground.backedBytes(),
        () ->
            "the footprint is %d, and %d are held"
                .formatted(heap.footprint(), ground.backedBytes()));
    heap.close();
  }
}
