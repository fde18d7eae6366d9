package heap.slab;

import hardware.api.Window;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes slabs of pages and pages of slabs, for one cache. No lock is held while constructors and
 * destructors run: pages are known to nobody else before their slab is attached, and after it is
 * detached. Safe for use by several threads.
 */
final class SlabMaker {
  private final SlabSpace space;
  private final CacheShape shape;
  private final SlabGeometry geometry;
  private final Slabs slabs;
  private final Guard guard;
  private final Audit audit;
  private final AtomicLong created = new AtomicLong();
  private final AtomicLong destroyed = new AtomicLong();

  SlabMaker(SlabSpace space, CacheShape shape, Slabs slabs, Guard guard, Audit audit) {
    this.space = space;
    this.shape = shape;
    this.geometry = shape.geometry();
    this.slabs = slabs;
    this.guard = guard;
    this.audit = audit;
  }

  /** {@return whether a slab was added; false if memory is exhausted} */
  boolean add() {
    long pages = space.extents.takeSlab(geometry.pages());
    if (pages == 0) {
      return false;
    }
    int slab = Slabs.NONE;
    boolean done = false;
    try {
      slab = slabs.prepare(pages);
      audit.begin(slab);
      construct(slabs.first(slab));
      done = true;
    } finally {
      if (!done) {
        abandon(slab, pages);
      }
    }
    space.regions.own(pages, geometry.slabBytes(), shape.id(), slab);
    slabs.attach(slab);
    created.incrementAndGet();
    return true;
  }

  private void abandon(int slab, long pages) {
    if (slab != Slabs.NONE) {
      slabs.forget(slab);
    }
    space.extents.give(pages, geometry.pages());
  }

  /** Gives back the pages of empty slabs beyond a number. */
  void shed(int keep) {
    for (int slab = slabs.detach(keep); slab != Slabs.NONE; slab = slabs.detach(keep)) {
      raze(slab);
    }
  }

  private void raze(int slab) {
    long pages = slabs.base(slab);
    try {
      destroy(slabs.first(slab), geometry.objects());
    } finally {
      space.regions.own(pages, geometry.slabBytes(), Region.NOBODY, 0);
      slabs.forget(slab);
      destroyed.incrementAndGet();
      space.extents.give(pages, geometry.pages());
    }
  }

  private void construct(long first) {
    int done = 0;
    try {
      for (; done < geometry.objects(); done++) {
        long object = first + (long) done * geometry.stride();
        guard.bury(object);
        shape.constructor().apply(space.window, object);
      }
    } finally {
      if (done < geometry.objects()) {
        destroy(first, done);
      }
    }
  }

  /* Each object gets its turn even if the destructor throws for another. */
  private void destroy(long first, int count) {
    int done = 0;
    Window memory = space.window;
    try {
      for (; done < count; done++) {
        shape.destructor().apply(memory, first + (long) done * geometry.stride());
      }
    } finally {
      if (done < count) {
        destroy(first + (long) (done + 1) * geometry.stride(), count - done - 1);
      }
    }
  }

  /** {@return the number of slabs made so far} */
  long created() {
    return created.get();
  }

  /** {@return the number of slabs given up so far} */
  long destroyed() {
    return destroyed.get();
  }
}
