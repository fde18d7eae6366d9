package workbench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import workbench.PlainKernel;

/** The parts of a load, each by itself. */
final class PartsTest {
  private static final LoadWork.Synthetic MADE = LoadWork.Synthetic.DEFAULT;

  private static void assertRefused(String message, LongFunction<Object> make, long value) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> make.apply(value));
    assertEquals(message, e.getMessage());
  }

  private static LoadWork.Synthetic made(long live, long blocks, long largest) {
    return new LoadWork.Synthetic(
        LoadShape.MIXED, optional(live), optional(blocks), optional(largest));
  }

  /** To about the digits that a histogram keeps. */
  private static void assertNear(long expected, long found) {
    assertTrue(Math.abs(expected - found) <= expected / 500, found + ", not " + expected);
  }

  private static OptionalLong optional(long value) {
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Test
  void shouldRefuseNumbersOutOfRangeByName() {
    LoadSpec spec = LoadSpec.DEFAULT;
    assertRefused("threads 0 is not in 1 .. 64", n -> spec.withThreads((int) n), 0);
    assertRefused("threads 65 is not in 1 .. 64", n -> spec.withThreads((int) n), 65);
    assertRefused("rate 0 is not in 1 .. 10000000", spec::withRate, 0);
    assertRefused("seconds -1 is not in 1 .. 31536000", spec::withSeconds, -1);
    assertRefused("live bytes 4095 is not in 4096 .. 70368744177664", n -> made(n, -1, -1), 4095);
    assertRefused("blocks 0 is not in 1 .. 16777216", n -> made(-1, n, -1), 0);
    assertRefused("largest block 0 is not in 1 .. 1099511627776", n -> made(-1, -1, n), 0);
  }

  @Test
  void shouldRefuseBoundsThatDoNotFitTogether() {
    IllegalArgumentException large =
        assertThrows(
            IllegalArgumentException.class, () -> Bounds.of(made(8192, -1, 5000), 2, 1 << 30));
    assertEquals(
        "largest block 5000 is more than the 3584 live bytes of each of 2 threads; make it"
            + " smaller, or allow more live bytes",
        large.getMessage());
    IllegalArgumentException few =
        assertThrows(IllegalArgumentException.class, () -> Bounds.of(made(-1, 3, -1), 4, 1 << 30));
    assertEquals("blocks 3 is less than one for each of 4 threads", few.getMessage());
  }

  @Test
  void shouldTakeAnEighthOfRamOr64MebibytesWhicheverIsLess() {
    Bounds small = Bounds.of(MADE, 1, 8 << 20);
    assertEquals((1 << 20) * 7 / 8, small.bytes());
    Bounds large = Bounds.of(MADE, 1, Long.MAX_VALUE);
    assertEquals((64 << 20) * 7 / 8, large.bytes());
    assertEquals(1 << 20, large.largest());
  }

  @Test
  void shouldDivideTheBoundsSoThatTheSumHolds() {
    Random random = new Random(11);
    for (int i = 0; i < 10_000; i++) {
      int threads = 1 + random.nextInt(LoadSpec.MOST_THREADS);
      long live = 4096 + random.nextLong(1L << (13 + random.nextInt(30)));
      long blocks = threads + random.nextLong(1L << (1 + random.nextInt(23)));
      Bounds bounds = Bounds.of(made(live, blocks, -1), threads, 0);
      String text = "%d threads, %d live, %d blocks: %s".formatted(threads, live, blocks, bounds);
      assertTrue(bounds.bytes() * threads + bounds.slots() * bounds.largestInSlot() <= live, text);
      assertTrue((long) bounds.blocks() * threads + bounds.slots() <= blocks, text);
      assertTrue(bounds.blocks() >= 1 && bounds.largest() >= 1, text);
      assertTrue(bounds.largest() <= bounds.bytes(), text);
    }
  }

  @Test
  void shouldNameShapesAndDamages() {
    for (LoadShape shape : LoadShape.values()) {
      assertEquals(Optional.of(shape), LoadShape.named(shape.label()));
      assertTrue(shape.looked + shape.resized + shape.exchanged < 100);
    }
    assertEquals(Optional.empty(), LoadShape.named("LARSON"));
    for (Damage.Kind kind : Damage.Kind.values()) {
      String text = new Damage(kind, 1, 2, -4096, 5, 3, 6, 7).toString();
      assertTrue(
          text.startsWith("thread 1, operation 2: block of 5 bytes at 0xfffffffffffff000 "), text);
    }
  }

  @Test
  void shouldExchangeEntriesAndRefuseNobodyWhenAlone() {
    Exchange exchange = new Exchange(2);
    Blocks own = new Blocks();
    own.put(7, -32, 16, 3);
    assertTrue(exchange.swap(1, own, 7));
    assertEquals(0, own.address(7));
    assertTrue(exchange.swap(1, own, 8));
    assertEquals(List.of(-32L, 16L, 3L), List.of(own.address(8), own.bytes(8), own.id(8)));
  }

  @Test
  void shouldNeitherLoseNorDoubleAnEntryBetweenThreads() throws InterruptedException {
    Exchange exchange = new Exchange(3);
    int threads = 4;
    List<Blocks> tables = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Blocks own = new Blocks();
      own.put(0, t + 1, 10L * (t + 1), 100L * (t + 1));
      tables.add(own);
      long seed = t;
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                for (int i = 0; i < 200_000; i++) {
                  exchange.swap(random.nextInt(3), own, 0);
                  assertEquals(10 * own.address(0), own.bytes(0));
                  assertEquals(100 * own.address(0), own.id(0));
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    Blocks rest = new Blocks();
    tables.add(rest);
    for (int slot = 0; slot < 3; slot++) {
      assertTrue(exchange.swap(slot, rest, slot));
    }
    long sum = rest.address(1) + rest.address(2);
    for (Blocks table : tables) {
      sum += table.address(0);
      assertEquals(10 * table.address(0), table.bytes(0));
    }
    assertEquals(1 + 2 + 3 + 4, sum);
  }

  @Test
  void shouldGrowATableWithoutLosingEntries() {
    Blocks blocks = new Blocks();
    for (int i = 0; i < 10_000; i++) {
      blocks.reserve(i + 1);
      blocks.put(i, -i, i, 2L * i);
    }
    for (int i = 0; i < 10_000; i++) {
      assertEquals(-i, blocks.address(i));
    }
    assertTrue(blocks.capacity() >= 10_000 && blocks.capacity() < 20_000);
  }

  @Test
  void shouldCorrectForCallsThatAWaitingThreadDidNotMake() {
    Latencies latencies = new Latencies();
    for (int i = 0; i < 999; i++) {
      latencies.record(1000);
    }
    latencies.record(
        1_000_000_000); // a pause of a second, among calls that are a millisecond apart
    latencies.collect();
    Histogram raw = Latencies.empty();
    latencies.addAllTo(raw, false, 1_000_000_000L);
    assertEquals(1000, raw.getTotalCount());
    assertNear(1000, raw.getValueAtPercentile(99));
    Histogram corrected = Latencies.empty();
    latencies.addAllTo(corrected, true, 1_000_000_000L);
    assertNear(1999, corrected.getTotalCount());
    assertNear(980_000_000, corrected.getValueAtPercentile(99));
    assertEquals(raw.getMaxValue(), corrected.getMaxValue());
  }

  @Test
  void shouldForgetWhatWasBeforeAMark() {
    Latencies latencies = new Latencies();
    latencies.record(5000);
    latencies.collect();
    latencies.mark();
    latencies.record(-1);
    latencies.record(Long.MAX_VALUE);
    latencies.collect();
    Histogram all = Latencies.empty();
    Histogram marked = Latencies.empty();
    latencies.addAllTo(all, false, 1);
    latencies.addMarkedTo(marked, true, 0);
    assertEquals(3, all.getTotalCount());
    assertEquals(1, marked.getMinNonZeroValue());
    assertNear(Latencies.MOST_NANOS, marked.getMaxValue());
  }

  @Test
  void shouldCountALatencyFromTheMomentAtWhichTheCallWasDue() {
    Course course = new Course(1, 0);
    Pace pace = new Pace(OptionalLong.of(1_000_000));
    pace.begin();
    long first = pace.next(course);
    for (int i = 1; i < 1000; i++) {
      assertEquals(first + i * 1000L, pace.next(course));
      assertTrue(System.nanoTime() - first >= i * 1000L);
    }
  }

  @Test
  void shouldNotWaitAnyMoreAtTheEnd() {
    Course course = new Course(1, 0);
    Pace pace = new Pace(OptionalLong.of(1));
    pace.begin();
    long first = pace.next(course);
    course.end();
    assertTrue(pace.next(course) - first < 1_000_000_000L);
  }

  @Test
  void shouldKeepTheFirstFewFindings() {
    Findings findings = new Findings();
    for (int i = 0; i < 2 * Findings.KEPT; i++) {
      assertEquals(i < Findings.KEPT, findings.wantsFailures());
      findings.failure("failure " + i);
    }
    assertEquals(Findings.KEPT, findings.failures().size());
    assertEquals("failure 0", findings.failures().getFirst());
    assertTrue(findings.wantsDamages());
    assertFalse(findings.wantsFailures());
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepItsAccountsAtEachStep(LoadShape shape) {
    long seed = 20_260_101L + shape.growth;
    try (BootedSystem system = PlainKernel.create().boot(BootSpec.of(PlainKernel.ram(16L << 20)))) {
      Bounds bounds =
          Bounds.of(
              new LoadWork.Synthetic(shape, optional(64 << 10), optional(300), optional(4 << 10)),
              1,
              0);
      Course course = new Course(1, bounds.slots());
      Client client = new Client(system.heap(), 0, 0, new Pace(OptionalLong.empty()), course);
      SyntheticWork work = new SyntheticWork(client, course.exchange(), shape, bounds, seed);
      int most = 0;
      for (int step = 0; step < 10_000; step++) {
        work.step();
        assertTrue(work.checkInvariants() >= 3, "seed " + seed + ", step " + step);
        assertTrue(client.tally().liveBlocks() >= work.live(), "seed " + seed);
        most = Math.max(most, work.live());
      }
      assertTrue(most > 100, "seed " + seed + ": never more than " + most + " blocks");
      assertEquals(client.tally().liveBlocks(), system.heap().census().liveCount());
      work.drain();
      work.drainExchange();
      assertEquals(0, client.tally().liveBytes(), "seed " + seed);
      assertEquals(List.of(), course.findings().failures(), "seed " + seed);
      assertEquals(List.of(), course.findings().damages(), "seed " + seed);
      assertEquals(0, system.heap().census().liveCount());
      client.close();
    }
  }

  @Test
  void shouldBeEqualIfItsPartsAre() {
    Path trace = Path.of("x");
    assertEquals(new LoadWork.Traced(trace, true), new LoadWork.Traced(trace, true));
    assertEquals(LoadSpec.DEFAULT, LoadSpec.DEFAULT.withSeed(LoadSpec.DEFAULT.seed()));
  }
}
