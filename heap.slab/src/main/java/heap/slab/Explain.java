package heap.slab;

import allocator.api.Explanation;
import heap.api.HeapRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Says how a request would be served: the way through magazines, depot, slabs and extents once
 * more, reading only and with words. For one request; for one thread while no call is under way.
 */
final class Explain {
  private final SlabHeap heap;
  private final SlabSpace space;
  private final List<String> steps = new ArrayList<>();
  private OptionalLong place = OptionalLong.empty();

  private Explain(SlabHeap heap) {
    this.heap = heap;
    this.space = heap.space;
  }

  /** {@return how a request would be served} */
  static Explanation of(SlabHeap heap, HeapRequest request) {
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
    if (bytes > SizeClasses.LARGEST) {
      say("%d bytes are more than the largest class, %d: whole pages", bytes, SizeClasses.LARGEST);
      large(bytes, space.pageBytes);
      return;
    }
    SlabCache cache = space.caches.general()[SizeClasses.of(bytes)];
    say("%d bytes are rounded up to the class of %d: %s", bytes, bytesOf(cache), cache.label());
    object(cpu, cache);
  }

  private void aligned(int cpu, long align, long bytes) {
    SlabHeap.requireAlign(align);
    long least = Math.max(align, bytes);
    if (align > space.pageBytes || least > SizeClasses.LARGEST) {
      say("%d bytes at a multiple of %d: no class has such objects, whole pages", bytes, align);
      large(bytes, align);
      return;
    }
    SlabCache cache = space.caches.aligned(least, align);
    say(
        "%d bytes at a multiple of %d: the smallest class that is aligned so is %s",
        bytes, align, cache.label());
    object(cpu, cache);
  }

  private static long bytesOf(SlabCache cache) {
    return cache.geometry.objectBytes();
  }

  private void object(int cpu, SlabCache cache) {
    CpuMagazines magazines = cache.cpus()[cpu];
    if (magazines.count() > 0) {
      say(
          "the loaded magazine of CPU %d has %d of %d rounds: the one put in last, 0x%x, is taken",
          cpu, magazines.count(), magazines.loaded().length, last(magazines));
      taken(last(magazines));
      return;
    }
    say("the loaded magazine of CPU %d is empty", cpu);
    if (magazines.previousIsFull()) {
      long[] previous = magazines.previous();
      int rounds = magazines.previousCount();
      say("the previous one has %d rounds: they change places; %s", rounds, name(previous, rounds));
      taken(previous[rounds - 1]);
      return;
    }
    say("the previous one is empty as well");
    depot(cache, magazines);
  }

  private static long last(CpuMagazines magazines) {
    return magazines.loaded()[magazines.count() - 1];
  }

  private static String name(long[] magazine, int rounds) {
    return "its last round, 0x%x, is taken".formatted(magazine[rounds - 1]);
  }

  private void depot(SlabCache cache, CpuMagazines magazines) {
    int fulls = cache.depot.fulls();
    if (fulls > 0) {
      long[] full = cache.depot.full(fulls - 1);
      say(
          "the depot has %d full magazines: one of %d rounds is loaded; %s",
          fulls, full.length, name(full, full.length));
      taken(full[full.length - 1]);
      return;
    }
    int room = magazines.loaded().length;
    int rounds = room == 0 ? cache.depot.rounds() : room;
    say("the depot has no full magazine: the loaded one is filled from a slab, up to %d", rounds);
    slab(cache, rounds);
  }

  private void slab(SlabCache cache, int wanted) {
    int slab = cache.slabs.fullest();
    if (slab == Slabs.NONE) {
      say("no slab of %s has a free object: a slab is made", cache.label());
      newSlab(cache, wanted);
      return;
    }
    int objects = cache.geometry.objects();
    int used = cache.slabs.used(slab);
    int rounds = Math.min(wanted, objects - used);
    long object = freeObject(cache.slabs, slab, rounds);
    say(
        "the fullest slab that is not full, at 0x%x, has %d of %d objects out: its first %d free"
            + " ones are taken, and the last of them, 0x%x, is the block",
        cache.slabs.base(slab), used, objects, rounds, object);
    taken(object);
  }

  /** {@return the n-th free object of a slab in the order of their turns} */
  private static long freeObject(Slabs slabs, int slab, int n) {
    int position = -1;
    for (int left = n; left > 0; left--) {
      do {
        position++;
      } while (!slabs.isFree(slab, position));
    }
    return slabs.object(slab, position);
  }

  private void newSlab(SlabCache cache, int wanted) {
    SlabGeometry geometry = cache.geometry;
    long pages = space.extents.foresee(geometry.pages(), true);
    if (pages == 0) {
      sayImport(geometry.pages());
      return;
    }
    int rounds = Math.min(wanted, geometry.objects());
    say(
        "%d pages for %d objects are cut from an extent, at 0x%x; the first object lies %d bytes"
            + " behind, which is the slab's colour",
        geometry.pages(), geometry.objects(), pages, cache.slabs.nextStart());
    if (space.settings.random()) {
      say("its objects are handed out in a random order, so the place is not known yet");
      return;
    }
    long object = pages + cache.slabs.nextStart() + (rounds - 1L) * geometry.stride();
    say("its first %d objects are taken, and the last of them, 0x%x, is the block", rounds, object);
    taken(object);
  }

  private void sayImport(int pages) {
    say(
        "no extent has a run of %d pages: %d KiB are imported, or less if that is refused",
        pages, space.settings.extentBytes() >> 10);
  }

  // ---------------------------------------------------------------------------------------- large

  private void large(long bytes, long align) {
    int pages = space.large.pages(bytes);
    if (!space.large.isRun(bytes, align)) {
      say("%d pages are imported for it alone", pages);
      return;
    }
    long run = space.extents.foresee(pages, false);
    if (run == 0) {
      sayImport(pages);
      return;
    }
    say("a run of %d pages is cut from the most broken extent that has one: 0x%x", pages, run);
    taken(run);
  }

  // ------------------------------------------------------------------------------- resize and free

  private void resize(int cpu, long address, long bytes) {
    long usable = heap.usableSize(address); // refuses strangers
    boolean slab = space.regions.owner(address) > 0;
    say("the block has %d usable bytes", usable);
    if (bytes > usable && !slab) {
      say("it grows where it is if the pages behind it are free, or is copied elsewhere");
    } else if (bytes > usable) {
      say("an object does not grow: it is copied into another, and freed");
      allocate(cpu, bytes);
    } else if ((!slab || isGeneral(address)) && Resize.savesHalf(bytes, usable)) {
      say("half of it or more would be idle: it is copied into a smaller class, and freed");
      allocate(cpu, bytes);
    } else if (slab) {
      say("it is large enough and stays");
      taken(address);
    } else {
      say("pages that are not needed go back, the rest stays");
      taken(address);
    }
  }

  private boolean isGeneral(long address) {
    return !space.caches.byId(space.regions.owner(address)).isNamed();
  }

  private void free(int cpu, long address) {
    heap.usableSize(address); // refuses strangers
    short owner = space.regions.owner(address);
    if (owner <= 0) {
      say(
          owner == Region.RUN
              ? "its pages go back to the extent that they were cut from"
              : "its pages go home, to the tier below");
      return;
    }
    SlabCache cache = space.caches.byId(owner);
    CpuMagazines magazines = cache.cpus()[cpu];
    int rounds = magazines.loaded().length;
    if (magazines.count() < rounds) {
      say(
          "it becomes round %d of %d in the loaded magazine of CPU %d, %s",
          magazines.count() + 1, rounds, cpu, cache.label());
    } else if (magazines.previousHasRoom()) {
      say("the loaded magazine of CPU %d is full: it changes places with the empty one", cpu);
    } else {
      say(
          "both magazines of CPU %d are full or missing: the previous one goes to the depot of %s,"
              + " and an empty one is loaded",
          cpu, cache.label());
    }
  }
}
