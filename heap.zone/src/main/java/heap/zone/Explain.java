package heap.zone;

import allocator.api.Explanation;
import heap.api.HeapRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Says how a request would be served: the way through magazines, depots and chunks once more,
 * reading only and with words. For one request; for one thread while no call is under way.
 */
final class Explain {
  private final ZoneHeap heap;
  private final ZoneSpace space;
  private final Resize resize;
  private final List<String> steps = new ArrayList<>();
  private OptionalLong place = OptionalLong.empty();

  private Explain(ZoneHeap heap) {
    this.heap = heap;
    this.space = heap.space;
    this.resize = new Resize(heap, space);
  }

  /** {@return how a request would be served} */
  static Explanation of(ZoneHeap heap, HeapRequest request) {
    Explain explain = new Explain(heap);
    int cpu = request.cpu();
    switch (request.kind()) {
      case ALLOCATE, ZEROED -> explain.allocate(cpu, request.bytes());
      case ALIGNED -> explain.aligned(cpu, request.align(), request.bytes());
      case RESIZE -> explain.resize(cpu, request.address(), request.bytes());
      case FREE -> explain.free(cpu, request.address());
    }
    return new Explanation(explain.steps, explain.place);
  }

  private void say(String step, Object... values) {
    steps.add(step.formatted(values));
  }

  private void taken(long address) {
    place = OptionalLong.of(address);
  }

  // ------------------------------------------------------------------------------------- allocate

  private void allocate(int cpu, long bytes) {
    SizeClasses classes = space.zones.classes();
    if (bytes > classes.largest()) {
      say("%d bytes are more than the largest class, %d", bytes, classes.largest());
      sayLarge();
      return;
    }
    Zone zone = space.zones.general()[classes.of(bytes)];
    say("%d bytes are rounded up to %d: zone %s", bytes, zone.shape.objectBytes(), zone.name());
    element(cpu, zone);
  }

  private void sayLarge() {
    say("whole pages are imported for it alone");
  }

  private void aligned(int cpu, long align, long bytes) {
    ZoneHeap.requireAlign(align);
    Zone[] general = space.zones.general();
    long least = Math.max(align, bytes);
    boolean large = align > space.pageBytes || least > space.zones.classes().largest();
    int index = large ? general.length : space.zones.aligned(least, align);
    if (index == general.length) {
      say("no size class has elements of %d bytes at multiples of %d", bytes, align);
      sayLarge();
      return;
    }
    say(
        "%d bytes at a multiple of %d: the smallest class that is aligned so is %s",
        bytes, align, general[index].name());
    element(cpu, general[index]);
  }

  private void element(int cpu, Zone zone) {
    if (!zone.isCaching()) {
      say("the zone's lock was not contended so far: CPUs have no magazines, the chunks are asked");
      chunk(zone);
      return;
    }
    ZoneCache cache = zone.caches()[cpu];
    if (cache.allocCount() > 0) {
      pop(
          "the allocation magazine of CPU %d has".formatted(cpu),
          cache.alloc(),
          cache.allocCount());
    } else if (cache.freeCount() > 0) {
      say("the allocation magazine of CPU %d is empty: it changes places with the other", cpu);
      pop("the free magazine, now in its place, has", cache.free(), cache.freeCount());
    } else if (cache.full.size() > 0) {
      say(
          "both magazines of CPU %d are empty: the first of %d full ones in its depot is loaded, or"
              + " one of the zone's if depots are closed now",
          cpu, cache.full.size());
    } else {
      say(
          "both magazines of CPU %d are empty and its depot has no full one: the zone gives one, or"
              + " the allocation magazine is filled from the chunks",
          cpu);
    }
  }

  private void pop(String what, long[] magazine, int rounds) {
    long element = magazine[rounds - 1];
    say("%s %d elements: the last of them, 0x%x, is taken", what, rounds, element);
    taken(element);
  }

  private void chunk(Zone zone) {
    Chunks chunks = zone.chunks;
    boolean partial = chunks.partial.head() != PageQueue.NONE;
    int first = partial ? chunks.partial.head() : chunks.empty.head();
    if (first == PageQueue.NONE) {
      sayExpansion(zone);
      return;
    }
    int elems = chunks.elems(first);
    say(
        "the chunk at 0x%x, first in the queue of %s ones, has %d elements, %d of them out",
        space.regions.address(first),
        partial ? "partial" : "empty",
        elems,
        PageMeta.count(space.regions.meta(first)));
    int index = next(chunks, first, elems);
    ChunkGeometry geometry = zone.shape.geometry();
    long element =
        space.regions.address(first) + geometry.offset() + (long) index * geometry.elemSize();
    say(
        "the search goes on behind element %d, which was found last: the next free one is %d, 0x%x",
        chunks.rotor(), index, element);
    taken(element);
  }

  private static int next(Chunks chunks, int first, int elems) {
    int from = chunks.rotor() + 1;
    int index = from < elems ? from : 0;
    while (!chunks.isFree(first, index)) {
      index = index + 1 < elems ? index + 1 : 0;
    }
    return index;
  }

  private void sayExpansion(Zone zone) {
    int pages = zone.shape.geometry().chunkPages();
    say(
        zone.chunks.va.head() == PageQueue.NONE
            ? "no chunk has a free element and the zone has no addresses left: it gets some for"
                + " chunks of %d pages, and frames behind the first"
            : "no chunk has a free element: a chunk of %d pages that the zone has addresses for"
                + " gets frames",
        pages);
  }

  // ------------------------------------------------------------------------------- resize and free

  private void resize(int cpu, long address, long bytes) {
    long usable = heap.usableSize(address); // refuses strangers
    int owner = PageMeta.zone(space.regions.metaOf(address));
    say("the block has %d usable bytes", usable);
    if (owner == PageMeta.LARGE) {
      resizeLarge(cpu, bytes);
    } else if (bytes > usable) {
      say("an element does not grow: it is copied into another zone, and freed");
      allocate(cpu, bytes);
    } else if (resize.fitsBest(space.zones.byId(owner), bytes)) {
      say("no smaller class holds it: it stays");
      taken(address);
    } else {
      say("a smaller class holds it: it is copied there, and freed");
      allocate(cpu, bytes);
    }
  }

  private void resizeLarge(int cpu, long bytes) {
    if (bytes <= space.zones.classes().largest()) {
      say("a size class holds it: it is copied there, and its pages go home");
      allocate(cpu, bytes);
    } else {
      say("it stays if it shrinks or the pages behind it can be had, else it is copied");
    }
  }

  private void free(int cpu, long address) {
    heap.usableSize(address); // refuses strangers
    int owner = PageMeta.zone(space.regions.metaOf(address));
    if (owner == PageMeta.LARGE) {
      say("its pages go home, to the tier below");
      return;
    }
    Zone zone = space.zones.byId(owner);
    if (!zone.isCaching()) {
      say(
          "the element becomes free in its chunk at 0x%x, of zone %s",
          space.regions.address(zone.chunks.first(address)), zone.name());
      return;
    }
    ZoneCache cache = zone.caches()[cpu];
    boolean room = cache.freeCount() < cache.free().length;
    say(
        room
            ? "it goes into the free magazine of CPU %d, which holds %d, of zone %s"
            : "the free magazine of CPU %d is full with %d elements of zone %s: another is loaded",
        cpu,
        cache.freeCount(),
        zone.name());
  }
}
