package tck.vmem;

import allocator.api.TierVacantException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.TreeMap;
import vmem.api.AddressContext;
import vmem.api.AddressSource;
import vmem.api.FitPolicy;

/**
 * What an address engine stands on: a source of spans, with refusals and exceptions on demand. Safe
 * for use by several threads.
 */
final class AddressGround implements AddressContext, AddressSource {
  /** The most bytes that it supplies at once. */
  static final long MOST = 1L << 29;

  private static final int PAGE = 4096;

  /** How a call of the source fails. */
  enum Failure {
    REFUSED,
    VACANT,
    BROKEN
  }

  private final int cpus;
  private final boolean touching;
  private final TreeMap<Long, Long> imported = new TreeMap<>(Long::compareUnsigned);
  private long next = 0xffff_a000_0000_0000L;

  /** Which call from now on fails, 1 for the next one; 0 for none. */
  long failIn;

  /** How it fails. */
  Failure failure = Failure.REFUSED;

  /** Calls so far. */
  long calls;

  /** What was wrong with a call of the source; empty if nothing was. */
  String wrong = "";

  /**
   * Makes a ground.
   *
   * @param cpus how many CPUs there are
   * @param touching whether each span begins where the one before ends, or far away
   */
  AddressGround(int cpus, boolean touching) {
    this.cpus = cpus;
    this.touching = touching;
  }

  @Override
  public int cpus() {
    return cpus;
  }

  @Override
  public int pageBytes() {
    return PAGE;
  }

  @Override
  public MemorySegment reserveMetadata(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }

  /** {@return whether this call of a source is to be refused; may throw instead} */
  synchronized boolean fails() {
    calls++;
    if (failIn == 0 || --failIn > 0) {
      return false;
    }
    return switch (failure) {
      case REFUSED -> true;
      case VACANT -> throw new TierVacantException("nobody serves the tier below");
      case BROKEN -> throw new IllegalStateException("the tier below is broken");
    };
  }

  /** Counts a call that cannot be refused, and throws if it is to. */
  void mayThrow() {
    fails();
  }

  @Override
  public long quantum() {
    return PAGE;
  }

  @Override
  public synchronized long importSpan(long size, FitPolicy policy) {
    if (fails() || size <= 0 || size > MOST) {
      return NONE;
    }
    if (size % PAGE != 0) {
      wrong = "an import of %d bytes is no multiple of %d".formatted(size, PAGE);
      return NONE;
    }
    long base = next;
    next += touching ? size : 2 * MOST;
    imported.put(base, size);
    return base;
  }

  @Override
  public synchronized void releaseSpan(long base, long size) {
    Long held = imported.remove(base);
    if (held == null || held != size) {
      wrong = "0x%x + %d was released, and imported was %s".formatted(base, size, held);
    }
  }

  /** {@return how many spans are held} */
  synchronized int heldSpans() {
    return imported.size();
  }
}
