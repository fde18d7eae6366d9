package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses: whose they are, what is between them, and in which order they are used. */
class SequesterTest {
  private static final int MANY = 4000;

  private final Ground ground = new Ground(256L << 20);
  private final List<ZoneHeap> heaps = new ArrayList<>();

  private ZoneHeap heap(String... settings) {
    ZoneHeap heap = ground.heap(settings);
    heaps.add(heap);
    return heap;
  }

  @AfterEach
  void shouldHoldItsInvariants() {
    for (ZoneHeap heap : heaps) {
      assertTrue(heap.checkInvariants() > 0);
    }
  }

  private static long[] fill(ZoneHeap heap, int count, long bytes) {
    long[] blocks = new long[count];
    for (int i = 0; i < count; i++) {
      blocks[i] = heap.allocate(0, bytes);
      assertNotEquals(0, blocks[i]);
    }
    return blocks;
  }

  private Set<Long> pages(long... blocks) {
    Set<Long> pages = new HashSet<>();
    for (long block : blocks) {
      pages.add(block & -ground.page);
    }
    return pages;
  }

  @Test
  void shouldGiveFramesBackAndKeepAddresses() {
    ZoneHeap heap = heap();
    long[] blocks = fill(heap, MANY, 64);
    Set<Long> pages = pages(blocks);
    long addresses = ground.takenBytes();
    heap.freeBulk(0, blocks, 0, MANY);
    assertTrue(heap.trim(0) >= MANY * 64L);
    assertEquals(0, ground.backedBytes(), "frames");
    assertEquals(addresses, ground.takenBytes(), "addresses");
    pages.forEach(page -> assertTrue(ground.isTaken(page)));
    assertEquals(addresses, heap.space.addresses.budget().reserved(), "all of them are of submaps");
  }

  @Test
  void shouldUseAnAddressAgainForTheSameZoneOnly() {
    ZoneHeap heap = heap();
    long[] blocks = fill(heap, MANY, 64);
    Set<Long> mine = pages(blocks);
    heap.freeBulk(0, blocks, 0, MANY);
    heap.trim(0);
    for (int bytes : new int[] {16, 48, 96, 128, 4096}) {
      for (long page : pages(fill(heap, MANY / 4, bytes))) {
        assertFalse(mine.contains(page), bytes + " bytes at an address of the zone of 64");
      }
    }
    long before = Ground.statistic(heap, "kalloc.type.var0.64.va_cur");
    assertEquals(mine, pages(fill(heap, MANY, 64)), "its own addresses, with new frames");
    assertEquals(before, Ground.statistic(heap, "kalloc.type.var0.64.va_cur"));
  }

  @Test
  void shouldGiveAddressesBackWhereTheyAreNotSequestered() {
    ZoneHeap heap = heap("sequester", "off");
    long[] blocks = fill(heap, MANY, 64);
    heap.freeBulk(0, blocks, 0, MANY);
    heap.trim(0);
    assertEquals(0, ground.takenBytes());
    assertEquals(0, heap.space.addresses.guardPages());
    assertEquals(0, heap.space.addresses.budget().reserved());
  }

  @Test
  void shouldPutGuardsBetweenChunksThatNeverGetFrames() {
    ZoneHeap heap = heap();
    fill(heap, 60_000, 512);
    long guards = 0;
    long pages = 0;
    int end = 0;
    for (Zone zone : heap.space.zones.all()) {
      pages += zone.chunks.vaPages();
    }
    for (int page = 0; page < ground.takenBytes() / ground.page; page++) {
      long address = ground.base + (long) page * ground.page;
      if (PageMeta.length(heap.space.regions.metaOf(address)) == PageMeta.GUARD) {
        guards++;
        end = page;
        assertFalse(ground.isBacked(address), "a guard with a frame");
      }
    }
    assertTrue(end > 0);
    assertEquals(heap.space.addresses.guardPages(), guards);
    double share = (double) guards / (guards + pages);
    assertTrue(share > 0.18 && share < 0.30, share + " of the addresses are guards");
  }

  @Test
  void shouldEndEachRunWithAGuard() {
    ZoneHeap heap = heap("runs.most", "1");
    long[] blocks = fill(heap, 50, 4096);
    for (long block : blocks) {
      long behind = heap.space.regions.metaOf(block + 4096);
      assertEquals(PageMeta.GUARD, PageMeta.length(behind), "behind a run of one chunk");
    }
  }

  @Test
  void shouldDoWithoutGuardsAndOrderIfTold() {
    ZoneHeap heap = heap("guards", "off", "shuffle", "off", "runs.most", "10", "submaps", "1");
    long[] blocks = fill(heap, 2000, 4096);
    int neighbours = 0;
    for (int i = 1; i < blocks.length; i++) {
      neighbours += Math.abs(blocks[i] - blocks[i - 1]) == 4096 ? 1 : 0;
    }
    assertTrue(neighbours > 1500, neighbours + " of 2000 follow their neighbour");
    assertEquals(0, heap.space.addresses.guardPages());
  }

  @Test
  void shouldShuffleTheChunksOfARun() {
    long[] blocks = fill(heap("guards", "off"), 2000, 4096);
    int neighbours = 0;
    for (int i = 1; i < blocks.length; i++) {
      neighbours += Math.abs(blocks[i] - blocks[i - 1]) == 4096 ? 1 : 0;
    }
    assertTrue(neighbours < 1000, neighbours + " of 2000 follow their neighbour");
  }

  private static List<Long> places(String seed) {
    Ground ground = new Ground(64L << 20);
    ZoneHeap heap = ground.heap("seed", seed);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      places.add(heap.allocate(0, 16L * (1 + i % 40)) - ground.base);
    }
    return places;
  }

  @Test
  void shouldRepeatItsChoicesWithTheSameSeed() {
    assertEquals(places("7"), places("7"));
    assertNotEquals(places("7"), places("8"));
  }

  @Test
  void shouldGrowFromBothEndsOfASubmap() {
    ZoneHeap heap = heap("submaps", "1", "guards", "off", "runs.most", "1");
    Zone left = heap.space.zones.all().stream().filter(z -> !z.shape.fromEnd()).findFirst().get();
    Zone right = heap.space.zones.all().stream().filter(z -> z.shape.fromEnd()).findFirst().get();
    long firstLeft = left.allocate(0) & -ground.page;
    long firstRight = right.allocate(0) & -ground.page;
    assertTrue(firstRight > firstLeft, "left and right");
    long span = heap.space.addresses.submaps()[0].reserved();
    assertTrue(firstRight + right.shape.geometry().chunkBytes() <= firstLeft + span);
    assertTrue(firstRight - firstLeft > span / 2);
  }

  @Test
  void shouldStopAtTheLimitOfItsAddresses() {
    ZoneHeap heap = heap("map.bytes", "4M");
    int count = 0;
    while (heap.allocate(0, 4096) != 0) {
      count++;
    }
    assertTrue(count > 200 && count < 1024, count + " pages of 4M of addresses");
    assertTrue(heap.space.addresses.budget().reserved() <= 4L << 20);
    assertNotEquals(0, heap.allocate(0, 20_000), "large blocks come from elsewhere");
    assertTrue(heap.report("exhaustion").get(1).contains("Largest zone kalloc.type.var0.4096"));
  }
}
