package workbench.synthetic;

import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.FitPolicy;

/** A thread's calls to an arena of addresses; the threads share the arena. */
public final class AddressClient extends Client {
  /** The unit of the arena, in bytes. */
  static final long PAGE = 4096;

  private final AddressArena arena;
  private final int cpu;
  private long highest;

  AddressClient(AddressArena arena, int cpu) {
    this.arena = arena;
    this.cpu = cpu;
  }

  /** {@return the base of a new range, or {@link AddressArena#NONE}} */
  long allocate(long pages) {
    return answered(pages, arena.allocate(cpu, pages * PAGE, FitPolicy.INSTANT), 0);
  }

  /** {@return the base of a new range at a multiple of {@code align} bytes, or NONE} */
  long allocateAligned(long pages, long align) {
    AddressConstraints where = AddressConstraints.aligned(align);
    long base = arena.allocateConstrained(cpu, pages * PAGE, where, FitPolicy.INSTANT);
    return answered(pages, base, align);
  }

  private long answered(long pages, long base, long align) {
    asked(pages + align, base != AddressArena.NONE);
    if (base != AddressArena.NONE) {
      highest = Math.max(highest, base + pages * PAGE);
    }
    return base;
  }

  void free(long base, long pages) {
    if (base != AddressArena.NONE) {
      arena.free(cpu, base, pages * PAGE);
      freed();
    }
  }

  void freeAligned(long base, long pages) {
    if (base != AddressArena.NONE) {
      arena.freeConstrained(cpu, base, pages * PAGE);
      freed();
    }
  }

  /** {@return the address behind the highest that this thread got} */
  long highest() {
    return highest;
  }

  @Override
  public void close() {
    // The arena is shared: the run ends it.
  }
}
