package workbench.answers;

import heap.api.CacheSpec;
import heap.api.Heap;
import heap.api.HeapPort;
import heap.api.ObjectCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;

/**
 * Objects of a few sizes, as a kernel has them: a constant number lives, a random one is replaced
 * by one of a random size at each step, and in the end three of four are freed at random. The same
 * steps each time: {@link Random} is specified to the bit.
 *
 * @param live bytes of the live objects before most were freed
 * @param held bytes that the heap held from below then
 * @param leftLive bytes of those that were left
 * @param leftHeld bytes that the heap held then
 */
record ObjectMix(long live, long held, long leftLive, long leftHeld) {
  /** Objects that are live at once. */
  static final int LIVE = 16_384;

  /** Replacements. */
  static final int STEPS = 100_000;

  /** One of so many is left in the end. */
  static final int LEFT = 4;

  private static final int LEAST = 24;
  private static final int MOST = 1024;
  private static final int GRANULE = 8;

  /**
   * {@return what a heap made of it}
   *
   * @param sizes how many sizes there are
   * @param caches whether each size has a cache of its own, or all are plain blocks
   */
  static ObjectMix of(Lab lab, BootSpec spec, int sizes, boolean caches) {
    try (BootedSystem system = lab.boot(spec);
        HeapPort port = system.heap().open(0)) {
      Run run = new Run(system, port, sizes, caches);
      ObjectMix mix = run.all();
      run.end();
      return mix;
    }
  }

  private static final class Run {
    private final BootedSystem system;
    private final HeapPort port;
    private final Random random = new Random(1);
    private final int[] bytes;
    private final List<ObjectCache> caches = new ArrayList<>();
    private final long[] addresses = new long[LIVE];
    private final int[] kinds = new int[LIVE];
    private long live;

    Run(BootedSystem system, HeapPort port, int sizes, boolean caches) {
      this.system = system;
      this.port = port;
      this.bytes = new int[sizes];
      Heap heap = system.heap();
      for (int kind = 0; kind < sizes; kind++) {
        bytes[kind] = LEAST + GRANULE * random.nextInt((MOST - LEAST) / GRANULE + 1);
        if (caches) {
          this.caches.add(
              heap.createCache(
                  new CacheSpec(
                      "kind " + kind, bytes[kind], 0, Optional.empty(), Optional.empty())));
        }
      }
    }

    ObjectMix all() {
      for (int i = 0; i < LIVE; i++) {
        birth(i);
      }
      for (int step = 0; step < STEPS; step++) {
        int victim = random.nextInt(LIVE);
        death(victim);
        birth(victim);
      }
      long full = live;
      long held = system.heap().footprint();
      for (int i = 0; i < LIVE; i++) {
        if (random.nextInt(LEFT) != 0) {
          death(i);
        }
      }
      caches.forEach(ObjectCache::reap);
      return new ObjectMix(full, held, live, system.heap().footprint());
    }

    private void birth(int at) {
      int kind = random.nextInt(bytes.length);
      long address = caches.isEmpty() ? port.allocate(bytes[kind]) : caches.get(kind).allocate(0);
      if (address == 0) {
        throw new AnswerException("objects of equal size", "no memory");
      }
      addresses[at] = address;
      kinds[at] = kind;
      live += bytes[kind];
    }

    private void death(int at) {
      if (caches.isEmpty()) {
        port.free(addresses[at]);
      } else {
        caches.get(kinds[at]).free(0, addresses[at]);
      }
      addresses[at] = 0;
      live -= bytes[kinds[at]];
    }

    void end() {
      for (int i = 0; i < LIVE; i++) {
        if (addresses[i] != 0) {
          death(i);
        }
      }
      caches.forEach(ObjectCache::close);
    }
  }

  /** {@return bytes held for each live byte} */
  double cost() {
    return held / (double) live;
  }

  /** {@return bytes held for each live byte, after most were freed} */
  double leftCost() {
    return leftHeld / (double) leftLive;
  }
}
