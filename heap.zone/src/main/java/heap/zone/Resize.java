package heap.zone;

/**
 * Changes the size of blocks as {@code krealloc} does: where they are if they stay in their size
 * class or their pages allow it, else by moving. Safe for use by several threads, each with blocks
 * of its own.
 */
final class Resize {
  private final ZoneHeap heap;
  private final ZoneSpace space;

  Resize(ZoneHeap heap, ZoneSpace space) {
    this.heap = heap;
    this.space = space;
  }

  long resize(int cpu, long address, long bytes) {
    long usable = heap.usableSize(address); // checks the address
    int owner = PageMeta.zone(space.regions.metaOf(address));
    if (owner == PageMeta.LARGE) {
      return resizeLarge(cpu, address, bytes, usable);
    }
    if (bytes > usable) {
      return move(cpu, address, bytes, usable);
    }
    return fitsBest(space.zones.byId(owner), bytes) ? address : moveDown(cpu, address, bytes);
  }

  /** {@return whether no smaller class would hold so many bytes} */
  boolean fitsBest(Zone zone, long bytes) {
    SizeClasses classes = space.zones.classes();
    return zone.shape.named()
        || classes.size(classes.of(bytes)) == zone.shape.geometry().elemSize();
  }

  private long resizeLarge(int cpu, long address, long bytes, long usable) {
    if (bytes <= space.zones.classes().largest()) {
      long moved = move(cpu, address, bytes, Math.min(bytes, usable));
      if (moved != 0) {
        return moved;
      }
    }
    return space.large.resize(address, bytes) ? address : move(cpu, address, bytes, usable);
  }

  boolean inPlace(long address, long bytes) {
    long usable = heap.usableSize(address);
    boolean large = PageMeta.zone(space.regions.metaOf(address)) == PageMeta.LARGE;
    return large ? space.large.resize(address, bytes) : bytes <= usable;
  }

  private long moveDown(int cpu, long address, long bytes) {
    long moved = move(cpu, address, bytes, bytes);
    return moved != 0 ? moved : address;
  }

  private long move(int cpu, long address, long bytes, long keep) {
    long to = heap.allocate(cpu, bytes);
    if (to == 0) {
      return 0;
    }
    space.window.copy(address, to, Math.min(bytes, keep));
    boolean freed = false;
    try {
      heap.free(cpu, address);
      freed = true;
    } finally {
      if (!freed) { // freed by another, or the tier below threw: the old block is what it was
        heap.free(cpu, to);
      }
    }
    return to;
  }
}
