package heap.tlsf;

import allocator.api.Settings;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tck.heap.HeapGround;

/**
 * Measures what calls cost, against the size and against the number of free blocks. Not a test: run
 * it by hand with the names of provider classes as arguments; those of other heaps must be on the
 * class path. Plain Java, no kernel, one thread; says what the machine did at that moment and no
 * more.
 */
public final class Cost {
  private static final int CALLS = 200_000;
  private static final int ROUNDS = 15;
  private static final int HELD = 64;
  private static final long GROUND = 512L << 20;

  private Cost() {}

  /** One measured loop. */
  @FunctionalInterface
  private interface Loop {
    void run(HeapEngine heap, long bytes);
  }

  public static void main(String[] providers) throws ReflectiveOperationException {
    String[] names =
        providers.length == 0 ? new String[] {TlsfProvider.class.getName()} : providers;
    for (int warm = 0; warm < 2; warm++) { // the second time counts
      System.out.println("allocate and free one block, ns, by its size");
      for (long size : new long[] {16, 100, 1000, 5000, 100_000, 10_000_000}) {
        print(names, size, 1_000, size, Cost::pairs);
      }
      System.out.println(
          "free and allocate random sizes below 2000, ns, by the number of free blocks");
      for (int free : new int[] {0, 100, 10_000, 100_000}) {
        print(names, free, free, 2000, Cost::mixed);
      }
    }
  }

  private static void print(String[] names, long label, int free, long bytes, Loop loop)
      throws ReflectiveOperationException {
    StringBuilder line = new StringBuilder("%10d".formatted(label));
    for (String name : names) {
      HeapProvider provider =
          Class.forName(name).asSubclass(HeapProvider.class).getDeclaredConstructor().newInstance();
      Settings settings = new Settings(name, Map.of("growth", "64M", "granularity", "64M"));
      HeapEngine heap = provider.open(new HeapGround(GROUND, 1), settings);
      scatter(heap, free);
      line.append(
          String.format(Locale.ROOT, "  %s %.0f", provider.model(), median(heap, bytes, loop)));
      System.gc(); // the ground is host memory
    }
    System.out.println(line);
  }

  private static double median(HeapEngine heap, long bytes, Loop loop) {
    double[] nanos = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      loop.run(heap, bytes);
      nanos[i] = (System.nanoTime() - begin) / (double) CALLS;
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2];
  }

  private static void pairs(HeapEngine heap, long bytes) {
    for (int i = 0; i < CALLS; i++) {
      heap.free(0, heap.allocate(0, bytes));
    }
  }

  private static void mixed(HeapEngine heap, long most) {
    Random random = new Random(1);
    long[] held = new long[HELD];
    for (int i = 0; i < CALLS; i++) {
      int at = random.nextInt(HELD);
      if (held[at] != 0) {
        heap.free(0, held[at]);
      }
      held[at] = heap.allocate(0, random.nextLong(most));
    }
    heap.freeBulk(0, held, 0, HELD);
  }

  private static void scatter(HeapEngine heap, int free) {
    Random random = new Random(7);
    long[] blocks = new long[2 * free];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 16 + random.nextInt(2000));
    }
    for (int i = 0; i < blocks.length; i += 2) {
      heap.free(0, blocks[i]); // every other one, so that nothing merges
    }
  }
}
