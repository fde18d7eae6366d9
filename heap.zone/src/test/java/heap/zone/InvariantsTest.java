package heap.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damage that is planted is found, each kind by its own fact, and mended it is gone. */
class InvariantsTest {
  private final Ground ground = new Ground(64L << 20);
  private final ZoneHeap heap = ground.heap("caching", "always");
  private final Regions regions = heap.space.regions;
  private final Zone zone = heap.space.zones.general()[3]; // of 64 bytes
  private final long block = heap.allocate(0, 64);
  private final long other = heap.allocate(0, 64);
  private final Region region = regions.find(block);
  private final int page = regions.page(block);

  private void found(Runnable damage, Runnable mend, String... words) {
    damage.run();
    String thrown = assertThrows(CorruptionException.class, heap::checkInvariants).toString();
    for (String word : words) {
      assertTrue(thrown.contains(word), thrown);
    }
    mend.run();
    assertTrue(heap.checkInvariants() > 0);
  }

  private void change(String what, long now) {
    long meta = regions.meta(page);
    found(() -> regions.meta(page, now), () -> regions.meta(page, meta), what);
  }

  @Test
  void shouldCountFacts() {
    long some = heap.checkInvariants();
    for (int i = 0; i < 1000; i++) {
      heap.allocate(0, 64);
    }
    assertTrue(heap.checkInvariants() > some + 900, "at least one for each element");
  }

  @Test
  void shouldFindWrongMarks() {
    long offset = regions.offset(block);
    String place = "0x" + Long.toHexString(block);
    found(
        () -> region.died(offset),
        () -> region.born(offset, true),
        "var0.64: places of an element",
        place);
    found(
        () -> region.born(offset + 16, false),
        () -> region.died(offset + 16),
        "live marks of chunk");
  }

  @Test
  void shouldFindWrongMetadata() {
    long meta = regions.meta(page);
    change("length", PageMeta.withLength(meta, 9));
    change("allocated elements", PageMeta.withCount(meta, PageMeta.count(meta) + 1));
    change("zone of page", meta + 1);
    change("locked", PageMeta.withLock(meta, true));
    change("inline bitmap", meta ^ 1L << 11);
    regions.meta(page, meta);
    assertTrue(heap.checkInvariants() > 0);
  }

  @Test
  void shouldFindAWrongBitmap() {
    int bitmap = PageMeta.map(regions.meta(page));
    long word = heap.space.bitmaps.word(bitmap, 0);
    found(
        () -> heap.space.bitmaps.word(bitmap, 0, word ^ 1L << 63),
        () -> heap.space.bitmaps.word(bitmap, 0, word),
        "places of an element");
    int[] taken = {0};
    found(
        () -> taken[0] = heap.space.bitmaps.take(3),
        () -> heap.space.bitmaps.give(taken[0], 3),
        "words of bitmaps");
  }

  @Test
  void shouldFindWrongLinks() {
    long link = regions.link(page);
    found(
        () -> regions.link(page, PageMeta.link(PageQueue.NONE, 5)),
        () -> regions.link(page, link),
        "link back");
    int va = zone.chunks.va.head();
    found(() -> zone.chunks.va.remove(va), () -> zone.chunks.va.push(va), "pages of addresses");
    found(
        () -> {
          zone.chunks.partial.remove(page);
          zone.chunks.full.push(page);
        },
        () -> {
          zone.chunks.full.remove(page);
          zone.chunks.partial.push(page);
        },
        "queue of a chunk");
  }

  @Test
  void shouldFindAnElementCachedTwice() {
    ZoneCache cache = zone.caches()[1];
    cache.push(block);
    cache.push(block);
    String thrown = assertThrows(CorruptionException.class, heap::checkInvariants).toString();
    assertTrue(thrown.contains("cached twice"), thrown);
  }

  @Test
  void shouldFindALiveElementThatIsCached() {
    ZoneCache cache = zone.caches()[1];
    cache.push(other);
    String thrown = assertThrows(CorruptionException.class, heap::checkInvariants).toString();
    assertTrue(thrown.contains("places of an element"), thrown);
  }

  @Test
  void shouldFindWrongSums() {
    found(
        () -> heap.space.ledger.imported(4096),
        () -> {
          heap.space.ledger.released(4096);
          heap.space.ledger.cancel(-4096);
        },
        "footprint");
    found(
        () -> heap.space.ledger.cancel(4096),
        () -> heap.space.ledger.cancel(-4096),
        "promised bytes");
    long large = heap.allocate(0, 100_000);
    int first = regions.page(large);
    found(() -> regions.link(first, -25), () -> regions.link(first, 25), "large block");
    found(() -> regions.link(first, 24), () -> regions.link(first, 25), "bytes of large blocks");
    found(
        () -> regions.meta(first + 1, PageMeta.word(4, false, false, PageMeta.GUARD, 0, 0)),
        () -> regions.meta(first + 1, 0),
        "guard pages");
    found(
        () -> regions.meta(first + 1, PageMeta.word(4, false, false, 1, 0, 0)),
        () -> regions.meta(first + 1, 0),
        "page of a zone in no chunk");
  }

  @Test
  void shouldFindDamagedListsOfFreeBitmaps() {
    Bitmaps bitmaps = new Bitmaps();
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      taken.add(bitmaps.take(i % 4));
    }
    assertTrue(bitmaps.checkInvariants() > 0);
    for (int i = 0; i < taken.size(); i++) {
      bitmaps.give(taken.get(i), i % 4);
    }
    assertTrue(bitmaps.checkInvariants() > 0);
    assertEquals(0, bitmaps.takenWords());
    int first = bitmaps.take(0);
    bitmaps.take(0);
    bitmaps.take(0);
    int last = bitmaps.take(0);
    bitmaps.take(0); // the buddy of the last
    bitmaps.give(first, 0);
    bitmaps.give(last, 0);
    bitmaps.word(last, 0, 0); // ends the list of its order after the first
    assertThrows(CorruptionException.class, bitmaps::checkInvariants);
  }

  @Test
  void shouldRefuseToTakeAnElementBackTwice() {
    long element = zone.chunks.take();
    zone.chunks.give(element);
    CorruptionException thrown =
        assertThrows(CorruptionException.class, () -> zone.chunks.give(element));
    assertTrue(thrown.toString().contains("is free already"), thrown.toString());
    assertTrue(heap.checkInvariants() > 0);
  }
}
