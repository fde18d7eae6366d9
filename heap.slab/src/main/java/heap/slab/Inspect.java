package heap.slab;

import allocator.api.RangeVisitor;

/** Shows what clients hold, from the live marks; reads only. */
final class Inspect {
  private final SlabSpace space;

  Inspect(SlabSpace space) {
    this.space = space;
  }

  /** Shows every live block in rising order: address, usable size, 0. */
  boolean live(RangeVisitor visitor) {
    return space.regions.pages((region, page, address) -> {
      int owner = region.owner[page];
      return owner > 0
          ? slabPage(region, address, space.caches.byId(owner), visitor)
          : visitor.visit(address, (long) region.value[page] * space.pageBytes, 0);
    });
  }

  private boolean slabPage(Region region, long page, SlabCache cache, RangeVisitor visitor) {
    for (long at = page; at != page + space.pageBytes; at += Region.ALONE) {
      int marks = region.marks(space.regions.offset(at));
      if (marks != 0 && !show(at, marks, cache.geometry.objectBytes(), visitor)) {
        return false;
      }
    }
    return true;
  }

  private static boolean show(long at, int marks, long bytes, RangeVisitor visitor) {
    for (int rest = marks; rest != 0; rest &= rest - 1) {
      long object = at + (long) Integer.numberOfTrailingZeros(rest) * Region.GRANULE;
      if (!visitor.visit(object, bytes, 0)) {
        return false;
      }
    }
    return true;
  }

  /** Shows everything that is held from below: address, bytes, 0. */
  boolean held(RangeVisitor visitor) {
    return extents(visitor) && large(visitor);
  }

  private boolean extents(RangeVisitor visitor) {
    Extents extents = space.extents;
    for (int i = 0; i < extents.top(); i++) {
      long bytes = (long) extents.pages(i) * space.pageBytes;
      if (extents.isHeld(i) && !visitor.visit(extents.base(i), bytes, 0)) {
        return false;
      }
    }
    return true;
  }

  /** Shows every large block that is a span by itself: address, bytes, 0. */
  boolean large(RangeVisitor visitor) {
    return space.regions.pages((region, page, address) ->
        region.owner[page] != Region.LARGE
            || visitor.visit(address, (long) region.value[page] * space.pageBytes, 0));
  }
}
