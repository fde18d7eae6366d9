package heap.slab;

/**
 * Changes the size of blocks: where they are if the class or the pages allow it, else by moving. A
 * block of a size class is moved down when that saves at least half. Safe for use by several
 * threads, each with blocks of its own.
 */
final class Resize {
  private final SlabHeap heap;
  private final SlabSpace space;

  Resize(SlabHeap heap, SlabSpace space) {
    this.heap = heap;
    this.space = space;
  }

  long resize(int cpu, long address, long bytes) {
    long usable = heap.usableSize(address); // checks the address
    if (bytes > usable) {
      return !isSlab(address) && space.large.resize(address, bytes)
          ? address
          : move(cpu, address, bytes, usable);
    }
    return isGeneral(address) && savesHalf(bytes, usable)
        ? moveDown(cpu, address, bytes)
        : stay(address, bytes);
  }

  boolean inPlace(long address, long bytes) {
    long usable = heap.usableSize(address);
    if (isSlab(address)) {
      return bytes <= usable;
    }
    return space.large.resize(address, bytes);
  }

  private long stay(long address, long bytes) {
    if (!isSlab(address)) {
      boolean shrunk = space.large.resize(address, bytes);
      assert shrunk : address;
    }
    return address;
  }

  private boolean isSlab(long address) {
    return space.regions.owner(address) > 0;
  }

  /** {@return whether a block is no client's named object, which stays in its cache} */
  private boolean isGeneral(long address) {
    short owner = space.regions.owner(address);
    return owner <= 0 || !space.caches.byId(owner).isNamed();
  }

  /** {@return whether a smaller class holds so many bytes, half as large or less} */
  static boolean savesHalf(long bytes, long usable) {
    return bytes <= SizeClasses.LARGEST && 2L * SizeClasses.size(SizeClasses.of(bytes)) <= usable;
  }

  private long moveDown(int cpu, long address, long bytes) {
    long moved = move(cpu, address, bytes, bytes);
    return moved != 0 ? moved : stay(address, bytes);
  }

  private long move(int cpu, long address, long bytes, long keep) {
    long to = heap.allocate(cpu, bytes);
    if (to == 0) {
      return 0;
    }
    space.window.copy(address, to, keep);
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
