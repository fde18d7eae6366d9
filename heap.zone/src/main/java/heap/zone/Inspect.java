package heap.zone;

import allocator.api.RangeVisitor;

/** Shows what clients hold, from the live marks, and what has frames; reads only. */
final class Inspect {
  private final ZoneSpace space;

  Inspect(ZoneSpace space) {
    this.space = space;
  }

  /** Shows every live block in rising order: address, usable size, 0. */
  boolean live(RangeVisitor visitor) {
    return space.regions.pages((region, page, meta) -> {
      long at = space.regions.address(page);
      if (PageMeta.zone(meta) == PageMeta.LARGE) {
        return visitor.visit(at, space.regions.link(page) * space.pageBytes, 0);
      }
      boolean guard = PageMeta.length(meta) == PageMeta.GUARD;
      return guard || elements(region, at, space.zones.byId(PageMeta.zone(meta)), visitor);
    });
  }

  private boolean elements(Region region, long page, Zone zone, RangeVisitor visitor) {
    for (long at = page; at != page + space.pageBytes; at += Region.ALONE) {
      int marks = region.marks(space.regions.offset(at));
      if (marks != 0 && !show(at, marks, zone.shape.objectBytes(), visitor)) {
        return false;
      }
    }
    return true;
  }

  private static boolean show(long at, int marks, long bytes, RangeVisitor visitor) {
    for (int rest = marks; rest != 0; rest &= rest - 1) {
      long element = at + (long) Integer.numberOfTrailingZeros(rest) * SizeClasses.GRANULE;
      if (!visitor.visit(element, bytes, 0)) {
        return false;
      }
    }
    return true;
  }

  /** Shows everything that has frames: address, bytes, 0. */
  boolean held(RangeVisitor visitor) {
    return space.regions.pages((region, page, meta) -> {
      int length = PageMeta.length(meta);
      boolean large = PageMeta.zone(meta) == PageMeta.LARGE;
      boolean chunk = length > 0 && length <= ChunkGeometry.MOST_PAGES;
      long pages = large ? space.regions.link(page) : length;
      return !chunk || visitor.visit(space.regions.address(page), pages * space.pageBytes, 0);
    });
  }
}
