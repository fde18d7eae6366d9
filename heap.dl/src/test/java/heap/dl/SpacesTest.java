package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.Statistic;
import heap.api.HeapEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several spaces behind one heap. */
class SpacesTest {
  private static final int KIB = 1024;
  private static final int STEPS = 4000;

  private final Ground ground = new Ground(8L << 20);

  private HeapEngine open(String... settings) {
    return new DlProvider().open(ground, Ground.settings(settings));
  }

  private static long statistic(HeapEngine heap, String name) {
    return heap.statistics().stream()
        .filter(figure -> figure.name().equals(name))
        .mapToLong(Statistic::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldGiveEachCpuASpaceOfItsOwn() {
    HeapEngine heap = open("spaces", "3");
    long zero = heap.allocate(0, 100);
    long one = heap.allocate(1, 100);
    assertTrue(Math.abs(zero - one) >= 4096, "on different pages");
    assertEquals(zero + 112, heap.allocate(3, 100), "CPU 3 shares with CPU 0");
    assertEquals(3, statistic(heap, "spaces"));
    assertEquals(2, statistic(heap, "segments"), "the third has none yet");
    assertEquals(2 * 4096, heap.footprint());
    assertTrue(heap.checkInvariants() > 0);
    assertInstanceOf(DlHeap.class, open("spaces", "1"));
  }

  @Test
  void shouldFreeAndResizeInTheSpaceThatABlockCameFrom() {
    HeapEngine heap = open("spaces", "2", "footers", "on");
    long block = heap.allocate(0, 100);
    ground.memory.putLong(block, 42);
    long other = heap.allocate(1, 100);
    assertTrue(heap.resizeInPlace(1, block, 300));
    assertEquals(block, heap.resize(1, block, 500), "its own space has room behind it");
    heap.allocate(0, 16);
    long moved = heap.resize(1, block, 3000);
    assertEquals(42, ground.memory.getLong(moved));
    heap.freeSized(0, other, 100);
    heap.free(1, moved);
    assertEquals(1, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldAskTheOtherSpacesWhenOneIsFull() {
    HeapEngine heap = open("spaces", "2", "mode", "fixed", "capacity", "64K");
    long first = heap.allocate(0, 40 * KIB);
    long second = heap.allocate(0, 40 * KIB);
    assertNotEquals(0, second);
    assertEquals(0, heap.allocate(0, 40 * KIB), "both are full");
    assertEquals(0, heap.allocateZeroed(1, 40 * KIB));
    assertEquals(0, heap.resize(1, first, 64 * KIB), "neither has room");
    heap.free(0, second);
    ground.memory.putLong(first, 7);
    heap.allocate(0, 20 * KIB);
    long moved = heap.resize(0, first, 50 * KIB);
    assertNotEquals(0, moved);
    assertNotEquals(first, moved);
    assertEquals(7, ground.memory.getLong(moved));
    assertEquals(2, heap.census().liveCount());
    assertEquals(128 * KIB, heap.footprint());
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldHoldNoMoreThanTheLimitAllTogether() {
    HeapEngine heap = open("spaces", "4", "footprint.limit", "64K");
    int count = 0;
    while (heap.allocate(count, 1000) != 0) {
      count++;
    }
    assertTrue(count > 50, count + " blocks");
    assertTrue(heap.peakFootprint() <= 64 * KIB);
    assertEquals(64 * KIB, heap.footprintLimit());
    heap.footprintLimit(80 * KIB);
    assertNotEquals(0, heap.allocate(0, 1000));
    assertThrows(IllegalArgumentException.class, () -> heap.footprintLimit(-1));
    assertEquals(heap.footprint(), ground.takenBytes());
  }

  @Test
  void shouldRefuseWhatIsNoBlockOfAnySpace() {
    HeapEngine heap = open("spaces", "2");
    long block = heap.allocate(0, 100);
    heap.allocate(1, 100);
    CensusSummary before = heap.census();
    for (long bad :
        new long[] {0, 16, Long.MIN_VALUE, ground.base + (4L << 20), block + 8, block + 32}) {
      assertThrows(MisuseException.class, () -> heap.free(0, bad));
      assertThrows(MisuseException.class, () -> heap.usableSize(bad));
      assertThrows(MisuseException.class, () -> heap.resize(0, bad, 10));
      assertThrows(MisuseException.class, () -> heap.resizeInPlace(0, bad, 10));
      assertThrows(MisuseException.class, () -> heap.freeSized(0, bad, 10));
    }
    assertThrows(IllegalArgumentException.class, () -> heap.allocate(0, -1));
    assertThrows(IllegalArgumentException.class, () -> heap.allocateAligned(0, 3, 1));
    assertThrows(MisuseException.class, () -> heap.freeSized(0, block, 500));
    assertEquals(0, heap.allocate(0, Long.MAX_VALUE));
    assertEquals(before, heap.census());
    heap.free(1, block);
    assertThrows(MisuseException.class, () -> heap.free(1, block));
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldFindAPageThatIsNotedWrongly() {
    HeapEngine heap = open("spaces", "2", "capacity", "1M");
    heap.allocate(0, 100);
    ground.importsLeft = 0;
    assertTrue(heap.checkInvariants() > 0);
    SpaceOwners owners = new SpaceOwners(ground, Long.MAX_VALUE);
    SpaceSpans spans = new SpaceSpans(ground, owners, 1);
    owners.own(ground.base, 4096, 0);
    String message =
        assertThrows(CorruptionException.class, () -> spans.check(ground.base, 4096)).toString();
    assertTrue(message.contains("held by space 1, but noted as of space 0"), message);
  }

  @Test
  void shouldKeepTheNoteWhenReleaseFails() {
    HeapEngine heap = open("spaces", "2");
    long block = heap.allocate(0, 200 * KIB);
    heap.free(0, block);
    ground.callsToFailure = 0;
    ground.failing = 1;
    assertThrows(allocator.api.TierVacantException.class, () -> heap.trim(0));
    assertTrue(heap.checkInvariants() > 0);
    assertTrue(heap.trim(0) > 0);
    assertEquals(heap.footprint(), ground.takenBytes());
  }

  @Test
  void shouldReportEverySpace() {
    HeapEngine heap = open("spaces", "2");
    heap.allocate(0, 100);
    for (String name : heap.reports()) {
      List<String> lines = heap.report(name);
      assertTrue(lines.contains("space 0") && lines.contains("space 1"), lines.toString());
    }
    assertThrows(IllegalArgumentException.class, () -> heap.report("none"));
  }

  @Test
  void shouldEndAWalkWhereTheVisitorWantsItTo() {
    HeapEngine heap = open("spaces", "3");
    for (int cpu = 0; cpu < 9; cpu++) {
      heap.allocate(cpu, 50);
    }
    for (int most = 1; most < 10; most++) {
      int[] seen = {0};
      int stop = most;
      heap.walk((base, size, attributes) -> ++seen[0] < stop);
      assertEquals(most, seen[0]);
    }
    int[] spans = {0};
    heap.managed((base, size, attributes) -> ++spans[0] < 2);
    assertEquals(2, spans[0]);
  }

  /** Random operations of random CPUs against a map of what is live. */
  @ParameterizedTest(name = "seed {0}: {1}")
  @CsvSource({
    "61, spaces=2",
    "62, spaces=5 footers=on contiguous=off release.checks=5",
    "63, spaces=3 mmap.threshold=20000",
    "64, spaces=2 mode=fixed capacity=300K",
    "65, spaces=4 footprint.limit=600000"
  })
  void shouldAgreeWithANaiveHeap(long seed, String settings) {
    HeapEngine heap = open(settings.split("[ =]", -1));
    Random random = new Random(seed);
    TreeMap<Long, Integer> live = new TreeMap<>(); // to size; filled with the low byte of it
    for (int step = 0; step < STEPS; step++) {
      step(heap, random, live);
      if (step % 50 == 0) {
        assertTrue(heap.checkInvariants() > 0, "seed " + seed);
        assertEquals(live.size(), heap.census().liveCount(), "seed " + seed + ", step " + step);
        assertEquals(heap.footprint(), ground.takenBytes(), "seed " + seed + ", step " + step);
      }
    }
    assertTrue(live.size() > 50, live.size() + " blocks");
    live.keySet().forEach(block -> heap.free(0, block));
    heap.trim(0);
    assertEquals(0, heap.census().liveCount());
    heap.close();
  }

  private void step(HeapEngine heap, Random random, NavigableMap<Long, Integer> live) {
    int cpu = random.nextInt(6);
    int bytes = random.nextInt(6) == 0 ? random.nextInt(60_000) : random.nextInt(400);
    if (live.isEmpty() || random.nextInt(5) < 3) {
      long block =
          random.nextBoolean() ? heap.allocate(cpu, bytes) : heap.allocateAligned(cpu, 64, bytes);
      admit(live, block, bytes);
      return;
    }
    long probe = ground.base + random.nextLong(8L << 20);
    long block = live.floorKey(probe) == null ? live.firstKey() : live.floorKey(probe);
    int size = Objects.requireNonNull(live.remove(block));
    require(block, size);
    if (random.nextInt(3) == 0) {
      long moved = heap.resize(cpu, block, bytes);
      if (moved != 0) {
        require(moved, Math.min(size, bytes), (byte) size);
        admit(live, moved, bytes);
        return;
      }
    }
    heap.free(cpu, block);
  }

  private void admit(NavigableMap<Long, Integer> live, long block, int bytes) {
    if (block == 0) {
      return;
    }
    Map.Entry<Long, Integer> below = live.floorEntry(block);
    assertTrue(below == null || below.getKey() + below.getValue() <= block);
    assertTrue(live.ceilingKey(block) == null || block + bytes <= live.ceilingKey(block));
    ground.memory.fill(block, bytes, (byte) bytes);
    live.put(block, bytes);
  }

  private void require(long block, int bytes) {
    require(block, bytes, (byte) bytes);
  }

  private void require(long block, int bytes, byte pattern) {
    for (int i = 0; i < bytes; i++) {
      assertEquals(pattern, ground.memory.getByte(block + i));
    }
  }

  @Test
  void shouldServeThreadsThatFreeEachOthersBlocks() throws InterruptedException {
    Ground wide = new Ground(64L << 20);
    HeapEngine heap = new DlProvider().open(wide, Ground.settings("spaces", "2"));
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Long> passed = Collections.synchronizedList(new ArrayList<>());
    Thread[] workers = new Thread[4];
    for (int t = 0; t < workers.length; t++) {
      int cpu = t;
      workers[t] = new Thread(() -> exchange(heap, cpu, passed));
      workers[t].setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      workers[t].start();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    assertEquals(List.of(), failures);
    passed.forEach(block -> heap.free(0, block));
    assertEquals(0, heap.census().liveCount());
    assertTrue(heap.checkInvariants() > 0);
    assertFalse(wide.takenBytes() == 0);
  }

  private static void exchange(HeapEngine heap, int cpu, List<Long> passed) {
    Random random = new Random(80 + cpu);
    for (int i = 0; i < 20_000; i++) {
      passed.add(heap.allocate(cpu, random.nextInt(2000)));
      Long other;
      synchronized (passed) {
        other = passed.size() < 100 ? null : passed.remove(random.nextInt(passed.size()));
      }
      if (other != null) {
        heap.free(cpu, other);
      }
    }
  }
}
