package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How frames go back: levels of zone_gc, exhaustion, chunks with only some of their frames. */
class GcTest {
  private static final String ZONE = "kalloc.type.var0.";
  private static final int SECONDS = 15;

  private final Ground ground = new Ground(256L << 20);
  private ZoneHeap heap = ground.heap();

  @BeforeEach
  void open() {
    heap = ground.heap();
  }

  @AfterEach
  void shouldHoldItsInvariants() {
    assertTrue(heap.checkInvariants() > 0);
    assertEquals(heap.footprint(), ground.backedBytes());
  }

  private List<Long> fill(int count, long bytes) {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(heap.allocate(0, bytes));
    }
    return blocks;
  }

  private long figure(String name) {
    return Ground.statistic(heap, ZONE + name);
  }

  private Zone zone(int bytes) {
    return heap.space.zones.general()[heap.space.zones.classes().of(bytes)];
  }

  @Test
  void shouldTrimOnlyWhatWasNotNeededForAWhile() {
    fill(1000, 4096).forEach(block -> heap.free(0, block));
    Zone zone = zone(4096);
    zone.workingSet.endPeriod(); // in which all of it was needed
    assertEquals(0, zone.reclaimer.reclaim(Reclaimer.Level.TRIM, Long.MAX_VALUE));
    zone.workingSet.endPeriod(); // in which nothing was: a quarter of the average
    long given = zone.reclaimer.reclaim(Reclaimer.Level.TRIM, Long.MAX_VALUE);
    assertTrue(given <= 250 * 4096L, given + " bytes");
    for (int i = 0; i < 40; i++) {
      zone.workingSet.endPeriod();
      zone.reclaimer.reclaim(Reclaimer.Level.TRIM, Long.MAX_VALUE);
    }
    assertTrue(figure("4096.wired_cur") < 100, figure("4096.wired_cur") + " pages are left");
    zone.reclaimer.reclaim(Reclaimer.Level.DRAIN, Long.MAX_VALUE);
    assertEquals(0, figure("4096.wired_cur"));
  }

  @Test
  void shouldDrainDepotsAndFlushMagazinesByLevel() {
    heap = ground.heap("caching", "always");
    List<Long> blocks = fill(64, 4096);
    blocks.forEach(block -> heap.free(0, block));
    Zone zone = zone(4096);
    assertTrue(figure("4096.recirc_full") > 0);
    zone.reclaimer.reclaim(Reclaimer.Level.DRAIN, Long.MAX_VALUE);
    assertEquals(0, figure("4096.recirc_full"));
    long left = figure("4096.wired_cur");
    assertTrue(left > 0 && left <= 16, left + " pages lie in the CPU's magazines");
    zone.reclaimer.reclaim(Reclaimer.Level.FLUSH, Long.MAX_VALUE);
    assertEquals(0, figure("4096.wired_cur"));
  }

  @Test
  void shouldKeepWhatTrimIsToldToKeep() {
    fill(1000, 4096).forEach(block -> heap.free(0, block));
    heap.trim(1 << 20);
    assertEquals(1 << 20, heap.footprint());
    assertEquals(1 << 20, heap.trim(0));
  }

  @Test
  void shouldReclaimWhenItsLimitIsNearAndNameTheLargestZone() {
    heap.footprintLimit(1 << 20);
    List<Long> pages = fill(200, 4096);
    List<Long> small = fill(100, 1024);
    pages.subList(50, 200).forEach(block -> heap.free(0, block));
    assertEquals(List.of("no exhaustion so far"), heap.report("exhaustion"));
    assertTrue(fill(4000, 256).contains(0L));
    assertTrue(Ground.statistic(heap, "exhaustion_near") > 0);
    assertTrue(heap.footprint() <= 1 << 20);
    assertTrue(figure("4096.wired_cur") <= 51, "what was free went back");
    List<String> report = heap.report("exhaustion");
    assertTrue(report.get(0).startsWith("zone_map_exhaustion: Zone mapped "), report.toString());
    assertTrue(report.get(0).endsWith("[jetsam limit 95%]"), report.toString());
    assertTrue(report.get(1).contains("Largest zone " + ZONE + "256, size "), report.toString());
    small.forEach(block -> heap.free(0, block));
  }

  @Test
  void shouldPopulateAPartOfAChunkUnderShortageAndTheRestLater() {
    ground.frames = 2;
    long first = heap.allocate(0, 6144); // chunks of three pages, two elements
    assertNotEquals(0, first);
    assertEquals(2 * 4096, heap.footprint());
    assertEquals(0, heap.allocate(0, 6144));
    assertTrue(heap.checkInvariants() > 0);
    ground.frames = 3;
    long second = heap.allocate(0, 6144);
    assertEquals(6144, Math.abs(second - first), "in the same chunk");
    assertTrue(heap.checkInvariants() > 0);
    heap.free(0, first);
    heap.free(0, second);
    assertEquals(3 * 4096, heap.trim(0));
  }

  @Test
  void shouldReclaimAChunkThatHasOnlySomeOfItsFrames() {
    ground.frames = 2;
    heap.free(0, heap.allocate(0, 6144));
    assertEquals(2 * 4096, heap.trim(0));
    ground.frames = Integer.MAX_VALUE;
    assertNotEquals(0, heap.allocate(0, 6144));
    assertEquals(3 * 4096, heap.footprint());
  }

  @Test
  void shouldCacheAZoneWhoseLockIsContended() {
    Zone zone = zone(64);
    fill(10, 64);
    contend(zone, 8, 2 * 9 * SECONDS); // nine per second on each of two CPUs
    assertEquals(0, figure("64.caching"));
    contend(zone, 8, 2 * 11 * SECONDS);
    assertEquals(1, figure("64.caching"));
    fill(100, 64).forEach(block -> heap.free(0, block));
    assertTrue(figure("64.recirc_full") > 0);
  }

  /** Periods of 15 seconds in which the zone's lock is found taken so often. */
  private static void contend(Zone zone, int periods, int times) {
    for (int period = 0; period < periods; period++) {
      for (int i = 0; i < times; i++) {
        zone.contention.met();
      }
      zone.workingSet.endPeriod(1000L * SECONDS);
    }
  }

  @Test
  void shouldGiveCpusDepotsUnderContentionAndTakeThemBack() {
    heap = ground.heap("caching", "always");
    Zone zone = zone(64);
    contend(zone, 30, 2 * 20 * SECONDS);
    assertTrue(figure("64.depot_size") >= 2, figure("64.depot_size") + " magazines");
    assertTrue(figure("64.depot_size") <= (128 << 10) / (8 * 64));
    List<Long> blocks = fill(2000, 64);
    blocks.forEach(block -> heap.free(0, block));
    assertTrue(zone.caches()[0].full.size() >= 2);
    assertTrue(heap.checkInvariants() > 0);
    fill(1000, 64).forEach(block -> heap.free(1, block));
    contend(zone, 2000, 0);
    assertTrue(figure("64.depot_size") <= 1, figure("64.depot_size") + " magazines");
    assertTrue(zone.caches()[0].full.size() <= 1);
  }

  @Test
  void shouldNotReturnElementsInTheOrderLastInFirstOut() {
    heap = ground.heap("caching", "always");
    List<Long> blocks = fill(3, 64);
    heap.free(0, blocks.get(0));
    assertNotEquals(blocks.get(0), heap.allocate(0, 64));
    ZoneHeap uncached = ground.heap("caching", "never");
    long block = uncached.allocate(0, 64);
    uncached.free(0, block);
    assertNotEquals(block, uncached.allocate(0, 64));
    uncached.walk((base, size, attributes) -> {
      uncached.free(0, base);
      return true;
    });
    uncached.trim(0);
  }
}
