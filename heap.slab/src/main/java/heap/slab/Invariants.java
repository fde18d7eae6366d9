package heap.slab;

import allocator.api.CorruptionException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Recomputes slowly what the heap keeps fast, and compares. For a heap without calls under way. */
final class Invariants {
  private final SlabSpace space;
  private long facts;
  private long slabPages;

  Invariants(SlabSpace space) {
    this.space = space;
  }

  long check() {
    for (SlabCache cache : space.caches.open()) {
      cache(cache);
    }
    extents();
    pages();
    return facts;
  }

  private void require(boolean holds, String what, long place, long expected, long found) {
    facts++;
    if (!holds) {
      throw new CorruptionException(
          "heap.slab: %s, at 0x%x: expected %d, found %d".formatted(what, place, expected, found));
    }
  }

  private void same(String what, long place, long expected, long found) {
    require(expected == found, what, place, expected, found);
  }

  // -------------------------------------------------------------------------------------- caches

  private void cache(SlabCache cache) {
    Set<Long> cached = cached(cache);
    int cachedCount = cached.size();
    Slabs slabs = cache.slabs;
    long attached = 0;
    long out = 0;
    for (int slab = 0; slab < slabs.top(); slab++) {
      if (slabs.lists().of(slab) != Slabs.SPARE) {
        slab(cache, slab, cached);
        attached++;
        out += slabs.used(slab);
      }
    }
    require(cached.isEmpty(), cache.label() + ": cached objects in no slab", 0, 0, cached.size());
    same(cache.label() + ": slabs", 0, attached, slabs.attached());
    same(cache.label() + ": objects out of their slabs", 0, out, slabs.out());
    same(
        cache.label() + ": live objects, by counters",
        0,
        out - cachedCount,
        cache.allocations() - cache.frees());
    lists(cache.label() + ": slab list", slabs.lists(), Slabs.LISTS, slabs.top());
    for (int bucket = 0; bucket < Slabs.BUCKETS; bucket++) {
      boolean some = slabs.lists().head(bucket) != Slabs.NONE;
      require(some == slabs.isListed(bucket), cache.label() + ": bucket mark", bucket, 0, 1);
    }
  }

  private Set<Long> cached(SlabCache cache) {
    Set<Long> objects = new HashSet<>();
    for (CpuMagazines magazines : cache.cpus()) {
      add(cache, magazines.loaded(), magazines.count(), objects);
      add(cache, magazines.previous(), magazines.previousCount(), objects);
      require(
          magazines.previousCount() == 0
              || magazines.previousCount() == magazines.previous().length,
          cache.label() + ": previous magazine is full or empty",
          0,
          magazines.previous().length,
          magazines.previousCount());
    }
    for (int i = 0; i < cache.depot.fulls(); i++) {
      add(cache, cache.depot.full(i), cache.depot.full(i).length, objects);
    }
    return objects;
  }

  private void add(SlabCache cache, long[] magazine, int count, Set<Long> objects) {
    for (int i = 0; i < count; i++) {
      require(
          objects.add(magazine[i]), cache.label() + ": an object cached twice", magazine[i], 1, 2);
    }
  }

  private void slab(SlabCache cache, int slab, Set<Long> cached) {
    Slabs slabs = cache.slabs;
    SlabGeometry geometry = cache.geometry;
    long base = slabs.base(slab);
    slabPages += geometry.pages();
    same(cache.label() + ": list of slab", base, slabs.expectedList(slab), slabs.lists().of(slab));
    long end = slabs.first(slab) + (long) geometry.objects() * geometry.stride();
    require(
        end <= base + geometry.slabBytes() - geometry.control(),
        "objects end in their slab",
        base,
        0,
        end - base);
    int used = 0;
    int live = 0;
    for (int i = 0; i < geometry.objects(); i++) {
      long object = slabs.object(slab, i);
      boolean isLive = space.regions.isLive(object);
      int places = (isLive ? 1 : 0) + (cached.remove(object) ? 1 : 0);
      places += slabs.isFree(slab, i) ? 1 : 0;
      same(cache.label() + ": places of an object", object, 1, places);
      used += slabs.isFree(slab, i) ? 0 : 1;
      live += isLive ? 1 : 0;
    }
    same(cache.label() + ": objects out of slab", base, used, slabs.used(slab));
    same(cache.label() + ": live marks in slab", base, live, marks(base, geometry.slabBytes()));
    if (geometry.control() != 0) {
      same(cache.label() + ": control of slab", base, slabs.header(slab), slabs.headerFound(slab));
    }
    owners(cache, base, slab);
  }

  private int marks(long base, long bytes) {
    int count = 0;
    for (long at = base; at != base + bytes; at += Region.ALONE) {
      count += Integer.bitCount(space.regions.find(at).marks(space.regions.offset(at)));
    }
    return count;
  }

  private void owners(SlabCache cache, long base, int slab) {
    for (int page = 0; page < cache.geometry.pages(); page++) {
      long at = base + (long) page * space.pageBytes;
      Region region = space.regions.find(at);
      int index = space.regions.page(at);
      same(cache.label() + ": owner of page", at, cache.id(), region.owner[index]);
      same(cache.label() + ": slab of page", at, slab, region.value[index]);
      int extent = region.extent[index];
      int within = (int) ((at - space.extents.base(extent)) / space.pageBytes);
      require(
          within >= 0 && within < space.extents.pages(extent),
          "page lies in its extent",
          at,
          extent,
          within);
      require(!space.extents.isFree(extent, within), "page of a slab is free", at, 0, 1);
    }
  }

  // ------------------------------------------------------------------------------- lists, extents

  private void lists(String what, IndexLists lists, int count, int top) {
    BitSet seen = new BitSet();
    for (int list = 0; list < count; list++) {
      int size = 0;
      int before = IndexLists.NONE;
      for (int at = lists.head(list); at != IndexLists.NONE; at = lists.next(at)) {
        require(!seen.get(at), what + ": listed twice", at, 1, 2);
        seen.set(at);
        same(what + ": link back", at, before, lists.prev(at));
        same(what, at, list, lists.of(at));
        before = at;
        size++;
      }
      same(what + ": length", list, size, lists.size(list));
    }
    for (int i = 0; i < top; i++) {
      require(seen.get(i) == lists.of(i) < count, what + ": listed", i, lists.of(i), 0);
    }
  }

  private void extents() {
    Extents extents = space.extents;
    long free = 0;
    long pages = 0;
    long count = 0;
    for (int i = 0; i < extents.top(); i++) {
      if (extents.isHeld(i)) {
        free += extent(i);
        pages += extents.pages(i);
        count++;
      }
    }
    same("extents", 0, count, extents.count());
    same("free bytes of extents", 0, free * space.pageBytes, extents.freeBytes());
    long runs = space.large.runBytes();
    same("pages of slabs and runs", 0, slabPages + runs / space.pageBytes, pages - free);
    lists("extent list", extents.lists(), Extents.LISTS, extents.top());
    long held = pages * space.pageBytes + space.large.bytes() - runs;
    same("footprint", 0, held, space.ledger.held());
    same("promised bytes", 0, held, space.ledger.promised());
    require(space.ledger.peak() >= held, "peak footprint", 0, held, space.ledger.peak());
  }

  private int extent(int extent) {
    Extents extents = space.extents;
    int free = 0;
    int run = 0; // pages still to come of a large block
    for (int page = 0; page < extents.pages(extent); page++) {
      long at = extents.base(extent) + (long) page * space.pageBytes;
      boolean isFree = extents.isFree(extent, page);
      short owner = space.regions.owner(at);
      free += isFree ? 1 : 0;
      boolean inside = run-- > 0;
      boolean expected = isFree || inside;
      require(expected == (owner == Region.NOBODY), "a page is free or has an owner", at, 1, owner);
      require(!(isFree && inside), "page of a large block is free", at, 0, 1);
      run = owner == Region.RUN ? space.regions.find(at).value[space.regions.page(at)] - 1 : run;
    }
    require(run <= 0, "large block ends in its extent", extents.base(extent), 0, run);
    same("free pages of extent", extents.base(extent), free, extents.left(extent));
    same(
        "list of extent",
        extents.base(extent),
        extents.expectedList(extent),
        extents.lists().of(extent));
    return free;
  }

  // --------------------------------------------------------------------------------------- pages

  /** Every page with an owner is a slab's, checked above, or begins a large block. */
  private void pages() {
    long[] sums = new long[4]; // large blocks, their pages, those in extents; pages of slabs
    space.regions.pages((region, page, address) -> {
      short owner = region.owner[page];
      int length = region.value[page];
      boolean large = owner < Region.NOBODY;
      sums[large ? 0 : 3]++;
      sums[1] += large ? length : 0;
      sums[2] += owner == Region.RUN ? length : 0;
      require(!large || length > 0, "large block", address, 1, length);
      return true;
    });
    same("large blocks", 0, sums[0], space.large.count());
    same("bytes of large blocks", 0, sums[1] * space.pageBytes, space.large.bytes());
    same("bytes of runs", 0, sums[2] * space.pageBytes, space.large.runBytes());
    same("pages owned by caches", 0, sums[3], slabPages);
  }
}
