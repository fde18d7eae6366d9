package workbench.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kernel.api.BootSpec;
import kernel.api.Kernel;
import org.junit.jupiter.api.Test;
import workbench.PlainKernel;

/** Holds what the generators count to what their descriptions say that it must be. */
final class GeneratorsTest {
  private static final long MIB = 1L << 20;

  private final Kernel kernel = PlainKernel.create();

  private BenchResult run(String name, int threads, long seed, Map<String, Long> chosen) {
    Generator<?> generator = Generators.named(name);
    return new Bench(kernel, threads, seed, 1)
        .run(
            generator,
            Parameters.of(generator, chosen),
            List.of(BootSpec.of(PlainKernel.ram(64 * MIB))))
        .getFirst();
  }

  // 0 for what was never counted.
  private static long count(BenchResult result, String name) {
    return result.counts().getOrDefault(name, 0L);
  }

  @Test
  void shouldReplaceAndPassOnInLarson() {
    long chunks = 50;
    long rounds = 3;
    long generations = 2;
    BenchResult result =
        run("larson", 2, 1, Map.of("chunks", chunks, "rounds", rounds, "generations", generations));
    // Each of 2 sets: born once, replaced rounds times per block and generation; all are freed.
    long births = 2 * (chunks + chunks * rounds * generations);
    assertEquals(2 * births, result.calls());
    assertEquals(0, result.failures());
    long remote = count(result, HeapClient.REMOTE);
    assertTrue(remote > 0 && remote <= 2 * chunks * generations, "remote " + remote);
  }

  @Test
  void shouldFreeNothingRemotelyAlone() {
    BenchResult result = run("larson", 1, 1, Map.of("chunks", 10L, "rounds", 2L));
    assertEquals(0, count(result, HeapClient.REMOTE));
  }

  @Test
  void shouldFreeAllRemotelyInXmallocTest() {
    BenchResult result = run("xmalloc-test", 2, 1, Map.of("batches", 3L, "objects", 100L));
    assertEquals(4, result.threads());
    assertEquals(2 * 2 * 3 * 100, result.calls());
    assertEquals(2 * 3 * 100, count(result, HeapClient.REMOTE));
  }

  @Test
  void shouldAskForEachSizeInSh6bench() {
    BenchResult result = run("sh6bench", 2, 1, Map.of("calls", 2L, "buffer", 1000L, "max", 10L));
    // Bases 1, 2, 4, 7 below 10; halved to 1: 1 + 2 + 3 + 3 rows of 250 blocks.
    long births = 2 * 2 * (1 + 2 + 3 + 3) * 250;
    assertEquals(2 * births, result.calls());
    assertEquals(10, Sh6bench.inARow(1000));
    assertEquals(50, Sh6bench.inARow(999));
    assertEquals(1, Sh6bench.inARow(10_000));
  }

  @Test
  void shouldLookForSharedLinesInCacheScratch() {
    BenchResult result = run("cache-scratch", 3, 1, Map.of("iterations", 40L, "looks", 30L));
    assertEquals(2 * (3 + 3 * 40), result.calls());
    assertEquals(30, count(result, CacheScratch.LOOKED));
    // dlmalloc has one heap for all threads: chunks of 32 bytes lie side by side, two to a line.
    assertTrue(count(result, CacheScratch.SHARED) >= 30, result.counts().toString());
    assertEquals(3, count(result, HeapClient.REMOTE) + ownFirst(), "handed out by thread 0");
  }

  // Thread 0 asked for its own first block as well.
  private static long ownFirst() {
    return 1;
  }

  @Test
  void shouldNotCallOneThreadsLineShared() {
    BenchResult result = run("cache-scratch", 1, 1, Map.of("iterations", 10L));
    assertEquals(0, count(result, CacheScratch.SHARED));
  }

  @Test
  void shouldAskByLoadInMstress() {
    BenchResult result = run("mstress", 3, 1, Map.of("scale", 1L, "phases", 2L));
    // Loads of 100, 200 and 300, and half as many set aside, in each phase.
    assertEquals(2 * 2 * (600 + 300), result.calls());
  }

  @Test
  void shouldTakeHalfTheMemoryInBulk() {
    BenchResult result = run("bulk", 2, 1, Map.of("rounds", 2L, "order", 3L));
    long held = count(result, FrameFill.HELD);
    assertTrue(held > 0 && held % 16 == 0, "held " + held);
    assertEquals(2 * 2 * held / 8, result.calls());
    long half = 64 * MIB / 4096 / 2; // less the kernel's
    assertTrue(held > half - 700 && held <= half, "held " + held);
  }

  @Test
  void shouldRepeatPerBlock() {
    BenchResult result = run("repeat", 2, 1, Map.of("rounds", 3L, "order", 2L));
    long blocks = count(result, FrameFill.HELD) / 4;
    assertEquals(2 * (blocks + 3 * blocks), result.calls());
  }

  @Test
  void shouldShuffleBetweenThreadsInRandom() {
    BenchResult result = run("random", 2, 1, Map.of("rounds", 2L));
    long blocks = count(result, FrameFill.HELD);
    assertEquals(2 * 2 * blocks, result.calls());
    // Half of the blocks come from the other thread, to within what chance allows.
    long remote = count(result, HeapClient.REMOTE);
    assertTrue(Math.abs(remote - blocks) < blocks / 20, "remote " + remote);
  }

  @Test
  void shouldCountTheVmallocTests() {
    assertEquals(2 * 2 * 50, run("fix_size", 2, 1, Map.of("loops", 50L)).calls());
    assertEquals(2 * 2 * 50, run("random_size", 2, 1, Map.of("loops", 50L)).calls());
    assertEquals(2 * 2 * 50, run("fix_align", 2, 1, Map.of("loops", 50L)).calls());
    assertEquals(
        2 * (2 * 30 + 50), run("full_fit", 1, 1, Map.of("loops", 50L, "junk", 30L)).calls());
    assertEquals(
        2 * (30 + 2 * 50), run("long_busy_list", 1, 1, Map.of("loops", 50L, "busy", 30L)).calls());
  }

  @Test
  void shouldFitPagesIntoHoles() {
    BenchResult result = run("full_fit", 1, 1, Map.of("loops", 50L, "junk", 30L));
    assertEquals(60 * AddressClient.PAGE, count(result, "address span"));
  }

  @Test
  void shouldAskTheSameForTheSameSeed() {
    Map<String, Long> few = Map.of("chunks", 20L, "rounds", 2L);
    long digest = run("larson", 2, 5, few).digest();
    assertEquals(digest, run("larson", 2, 5, few).digest());
    assertNotEquals(digest, run("larson", 2, 6, few).digest());
    Map<String, Long> small = Map.of("scale", 1L, "phases", 2L);
    assertEquals(run("mstress", 3, 5, small).digest(), run("mstress", 3, 5, small).digest());
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertEquals(
        "larson has no parameter size; it has: min, max, chunks, rounds, generations",
        assertThrows(IllegalArgumentException.class, () -> run("larson", 1, 1, Map.of("size", 1L)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> run("larson", 1, 1, Map.of("min", 0L)));
    assertThrows(IllegalArgumentException.class, () -> run("larsen", 1, 1, Map.of()));
    assertThrows(IllegalArgumentException.class, () -> run("larson", 0, 1, Map.of()));
  }

  @Test
  void shouldCallTheOthersOffIfAThreadFails() {
    Meeting meeting = new Meeting(2);
    List<Generator.Part<AddressClient>> parts =
        List.of(
            client -> meeting.await(),
            client -> {
              throw new IllegalArgumentException("planted");
            });
    // The parts do not touch their clients, and the first would wait for ever.
    Crew<AddressClient> crew = new Crew<>("test", parts, List.of(idle(), idle()));
    IllegalStateException broken = assertThrows(IllegalStateException.class, crew::run);
    assertEquals(
        "a thread broke off: java.lang.IllegalArgumentException: planted", broken.getMessage());
  }

  private AddressClient idle() {
    try (kernel.api.BootedSystem system = kernel.boot(BootSpec.of(PlainKernel.ram(64 * MIB)))) {
      return new AddressClient(
          system.addresses().createArena(vmem.api.ArenaSpec.of("idle", AddressClient.PAGE)), 0);
    }
  }
}
