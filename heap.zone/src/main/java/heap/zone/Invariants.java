package heap.zone;

import allocator.api.CorruptionException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Recomputes slowly what the heap keeps fast, and compares. For a heap without calls under way. */
final class Invariants {
  private final ZoneSpace space;
  private final Regions regions;
  private long facts;
  private long wiredPages;
  private long bitmapWords;
  private final Set<Integer> zonePages = new HashSet<>();

  Invariants(ZoneSpace space) {
    this.space = space;
    this.regions = space.regions;
  }

  long check() {
    for (Zone zone : space.zones.all()) {
      zone(zone);
    }
    pages();
    facts += space.bitmaps.checkInvariants();
    same("words of bitmaps", 0, bitmapWords, space.bitmaps.takenWords());
    long held = wiredPages * space.pageBytes + space.large.bytes();
    same("footprint", 0, held, space.ledger.held());
    same("promised bytes", 0, held, space.ledger.promised());
    require(space.ledger.peak() >= held, "peak footprint", 0, held, space.ledger.peak());
    return facts;
  }

  private void require(boolean holds, String what, long place, long expected, long found) {
    facts++;
    if (!holds) {
      throw new CorruptionException(
          "heap.zone: %s, at 0x%x: expected %d, found %d".formatted(what, place, expected, found));
    }
  }

  private void same(String what, long place, long expected, long found) {
    require(expected == found, what, place, expected, found);
  }

  // --------------------------------------------------------------------------------------- zones

  private void zone(Zone zone) {
    ZoneCheck check = new ZoneCheck(zone, cached(zone));
    check.queue(zone.chunks.empty, "empty");
    check.queue(zone.chunks.partial, "partial");
    check.queue(zone.chunks.full, "full");
    check.addresses();
    check.sums();
    wiredPages += check.wired;
  }

  private Map<Long, Boolean> cached(Zone zone) {
    Map<Long, Boolean> elements = new HashMap<>();
    for (ZoneCache cache : zone.caches()) {
      add(zone, cache.alloc(), cache.allocCount(), elements);
      add(zone, cache.free(), cache.freeCount(), elements);
      for (int i = 0; i < cache.full.size(); i++) {
        add(zone, cache.full.get(i), cache.full.get(i).length, elements);
      }
    }
    for (int i = 0; i < zone.recirculation.fulls(); i++) {
      long[] magazine = zone.recirculation.full(i);
      add(zone, magazine, magazine.length, elements);
    }
    return elements;
  }

  private void add(Zone zone, long[] magazine, int count, Map<Long, Boolean> elements) {
    for (int i = 0; i < count; i++) {
      boolean once = elements.put(magazine[i], true) == null;
      require(once, zone.name() + ": an element cached twice", magazine[i], 1, 2);
    }
  }

  /** The check of one zone. */
  private final class ZoneCheck {
    private final Zone zone;
    private final Chunks chunks;
    private final ChunkGeometry geometry;
    private final Map<Long, Boolean> cached;
    private final int cachedCount;
    private final Set<Integer> chunkPages = new HashSet<>();
    private long free;
    private long avail;
    private long wired;
    private long wiredEmpty;
    private long live;
    private long partialVa;
    private long va;

    ZoneCheck(Zone zone, Map<Long, Boolean> cached) {
      this.zone = zone;
      this.chunks = zone.chunks;
      this.geometry = zone.shape.geometry();
      this.cached = cached;
      this.cachedCount = cached.size();
    }

    private String text(String what) {
      return zone.name() + ": " + what;
    }

    void queue(PageQueue queue, String name) {
      int count = 0;
      int before = PageQueue.NONE;
      for (int at = queue.head(); at != PageQueue.NONE; at = queue.next(at)) {
        same(text(name + ": link back"), at, before, queue.before(at));
        require(chunkPages.add(at), text("a chunk queued twice"), at, 1, 2);
        chunk(at, name);
        before = at;
        count++;
      }
      same(text(name + ": length of queue"), 0, count, queue.size());
    }

    private void chunk(int first, String queue) {
      long meta = regions.meta(first);
      int length = PageMeta.length(meta);
      long place = regions.address(first);
      require(length >= 1 && length <= geometry.chunkPages(), text("length"), place, 1, length);
      require(!PageMeta.locked(meta), text("a chunk is locked"), place, 0, 1);
      same(text("inline bitmap"), place, geometry.inline() ? 1 : 0, PageMeta.inline(meta) ? 1 : 0);
      bitmapWords += geometry.inline() ? 0 : 1L << Bitmaps.order(geometry.elems());
      pages(first);
      int allocated = elements(first, geometry.elemsIn(length));
      same(text("allocated elements of chunk"), place, allocated, PageMeta.count(meta));
      String expected =
          allocated == 0 ? "empty" : allocated == geometry.elemsIn(length) ? "full" : "partial";
      require(expected.equals(queue), text("queue of a chunk, " + queue), place, 0, allocated);
      wired += length;
      wiredEmpty += allocated == 0 ? length : 0;
      partialVa += length < geometry.chunkPages() ? 1 : 0;
      va += geometry.chunkPages();
    }

    private void pages(int first) {
      for (int i = 0; i < geometry.chunkPages(); i++) {
        long meta = regions.meta(first + i);
        long place = regions.address(first + i);
        same(text("zone of page"), place, zone.shape.id(), PageMeta.zone(meta));
        require(zonePages.add(first + i), text("page in two chunks"), place, 1, 2);
        if (i > 0) {
          same(text("length of a further page"), place, PageMeta.SECONDARY, PageMeta.length(meta));
          same(text("index of page"), place, i, PageMeta.count(meta));
        }
      }
    }

    private int elements(int first, int elems) {
      int allocated = 0;
      int marks = 0;
      for (int i = 0; i < elems; i++) {
        long element = regions.address(first) + geometry.offset() + (long) i * geometry.elemSize();
        boolean isLive = regions.isLive(element);
        boolean isFree = chunks.isFree(first, i);
        int places = (isLive ? 1 : 0) + (isFree ? 1 : 0);
        places += cached.remove(element) != null ? 1 : 0;
        same(text("places of an element"), element, 1, places);
        allocated += isFree ? 0 : 1;
        marks += isLive ? 1 : 0;
      }
      same(text("live marks of chunk"), regions.address(first), marks, marksIn(first));
      free += elems - allocated;
      avail += elems;
      live += marks;
      return allocated;
    }

    private int marksIn(int first) {
      int count = 0;
      long base = regions.address(first);
      for (long at = base; at != base + geometry.chunkBytes(); at += Region.ALONE) {
        count += Integer.bitCount(regions.find(at).marks(regions.offset(at)));
      }
      return count;
    }

    void addresses() {
      int count = 0;
      long rests = 0;
      int before = PageQueue.NONE;
      for (int at = chunks.va.head(); at != PageQueue.NONE; at = chunks.va.next(at)) {
        same(text("va: link back"), at, before, chunks.va.before(at));
        int start = chunks.start(at);
        if (start > 0) {
          rests++;
          int length = PageMeta.length(regions.meta(at - start));
          same(text("rest of a chunk"), regions.address(at), start, length);
          require(chunkPages.contains(at - start), text("rest of no chunk"), at, 1, 0);
        } else {
          without(at);
        }
        before = at;
        count++;
      }
      same(text("va: length of queue"), 0, count, chunks.va.size());
      same(text("chunks with a rest"), 0, partialVa, rests);
      same(text("pages of addresses"), 0, va, chunks.vaPages());
    }

    private void without(int first) {
      same(text("length without frames"), first, 0, PageMeta.length(regions.meta(first)));
      same(text("live marks without frames"), regions.address(first), 0, marksIn(first));
      pages(first);
      va += geometry.chunkPages();
    }

    void sums() {
      require(cached.isEmpty(), text("cached elements in no chunk"), 0, 0, cached.size());
      same(text("free elements"), 0, free, chunks.elemsFree());
      same(text("elements"), 0, avail, chunks.elemsAvail());
      same(text("pages with frames"), 0, wired, chunks.wired());
      same(text("empty pages"), 0, wiredEmpty, chunks.wiredEmpty());
      require(chunks.wiredMost() >= wired, text("most pages"), 0, wired, chunks.wiredMost());
      same(text("live and cached"), 0, avail - free, live + cachedCount);
      same(text("live, by counters"), 0, live, zone.allocations() - zone.frees());
    }
  }

  // --------------------------------------------------------------------------------------- pages

  /** Every page that is somebody's is a zone's, checked above, a guard, or begins a large block. */
  private void pages() {
    long[] sums = new long[3]; // large blocks, their pages, guards
    regions.pages((region, page, meta) -> {
      long place = regions.address(page);
      if (PageMeta.zone(meta) == PageMeta.LARGE) {
        require(regions.link(page) > 0, "large block", place, 1, regions.link(page));
        sums[0]++;
        sums[1] += regions.link(page);
      } else if (PageMeta.length(meta) == PageMeta.GUARD) {
        require(!zonePages.contains(page), "a guard in a chunk", place, 0, 1);
        sums[2]++;
      } else {
        require(zonePages.remove(page), "page of a zone in no chunk", place, 1, 0);
      }
      return true;
    });
    same("pages of chunks that are nobody's", 0, 0, zonePages.size());
    same("large blocks", 0, sums[0], space.large.count());
    same("bytes of large blocks", 0, sums[1] * space.pageBytes, space.large.bytes());
    same("guard pages", 0, sums[2], space.addresses.guardPages());
  }
}
