package tck.vmem;

import allocator.api.TierVacantException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.NavigableMap;
import java.util.TreeMap;
import vmem.api.AddressContext;
import vmem.api.AddressSource;
import vmem.api.FitPolicy;

/**
 * What an address engine stands on: a source of spans, with refusals and exceptions on demand. Safe
 * for use by several threads.
 */
final class AddressGround implements AddressContext, AddressSource {
  private static final int PAGE = 4096;
  private static final long APART = 1L << 30; // spans never touch, so that none is joined

  /** How a call of the source fails. */
  enum Failure {
    REFUSED,
    VACANT,
    BROKEN
  }

  private final int cpus;
  private final TreeMap<Long, Long> imported = new TreeMap<>(Long::compareUnsigned);
  private long next = 0xffff_a000_0000_0000L;

  /** Which call from now on fails, 1 for the next one; 0 for none. */
  long failIn;

  /** How it fails. */
  Failure failure = Failure.REFUSED;

  /** Calls so far. */
  long calls;

  /** What was wrong with a release; empty if nothing was. */
  String wrong = "";

  AddressGround(int cpus) {
    this.cpus = cpus;
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

  private boolean fails() {
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

  @Override
  public long quantum() {
    return PAGE;
  }

  @Override
  public synchronized long importSpan(long size, FitPolicy policy) {
    if (fails() || size <= 0 || size > APART / 2) {
      return NONE;
    }
    if (size % PAGE != 0) {
      wrong = "an import of %d bytes is no multiple of %d".formatted(size, PAGE);
      return NONE;
    }
    long base = next;
    next += APART;
    imported.put(base, size);
    return base;
  }

  @Override
  public synchronized void releaseSpan(long base, long size) {
    if (fails() && failure == Failure.REFUSED) {
      calls++; // a release cannot be refused
    }
    Long held = imported.remove(base);
    if (held == null || held != size) {
      wrong = "0x%x + %d was released, and imported was %s".formatted(base, size, held);
    }
  }

  /** {@return the spans that are held, by base} */
  synchronized NavigableMap<Long, Long> imported() {
    TreeMap<Long, Long> copy = new TreeMap<>(Long::compareUnsigned);
    copy.putAll(imported);
    return copy;
  }
}
