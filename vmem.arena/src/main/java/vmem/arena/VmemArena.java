package vmem.arena;

import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import allocator.arena.Arena;
import allocator.arena.ArenaShape;
import allocator.arena.ArenaTuning;
import allocator.arena.Constraints;
import allocator.arena.Fit;
import allocator.arena.Heritage;
import allocator.arena.SpanSource;
import java.util.List;
import java.util.function.Consumer;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.AddressSource;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * An arena of addresses. The same sequence of calls from one thread returns the same addresses as
 * the original's, as long as no quantum cache is asked for.
 */
final class VmemArena implements AddressArena {
  /*
   * How an arena serves addresses
   *
   * 1. The engine is allocator.arena.Arena, whose essay says how it works. Addresses are what it was
   *    made for, so nothing is added here: each call is the engine's with the tier's types exchanged
   *    for the engine's. The tier's interface is in fact the original's, vmem_alloc to vmem_walk.
   *
   * 2. The exchange costs a branch for the policy, and a small object for constraints. A
   *    source of spans is wrapped once, when the arena is made.
   *
   * What was not done, and why. The quantum and the policy are not cached here: the engine checks
   * both. Identifier arenas are arenas like any other; that they hold no addresses matters only to
   * reports.
   *
   * References: see the engine.
   */

  private final ArenaSpec spec;
  private final Arena arena;
  private final Consumer<VmemArena> onClose;
  private boolean inherited; // and not drained since; by the kernel only

  /**
   * Makes an arena without any span.
   *
   * @param cpus how many CPUs there are
   * @param onClose told when the arena has been closed
   */
  VmemArena(ArenaSpec spec, ArenaTuning tuning, int cpus, Consumer<VmemArena> onClose) {
    this.spec = spec;
    this.arena = new Arena(shape(spec), tuning, cpus);
    this.onClose = onClose;
  }

  /** {@return the engine's form of a description} */
  static ArenaShape shape(ArenaSpec spec) {
    return new ArenaShape(
        spec.name(),
        spec.quantum(),
        spec.source().map(Supply::new),
        spec.quantumCacheMax(),
        "bytes");
  }

  private static Fit fit(FitPolicy policy) {
    return switch (policy) {
      case INSTANT -> Fit.INSTANT;
      case BEST -> Fit.BEST;
      case FIRST -> Fit.FIRST;
      case NEXT -> Fit.NEXT;
    };
  }

  private static FitPolicy policy(Fit fit) {
    return switch (fit) {
      case INSTANT -> FitPolicy.INSTANT;
      case BEST -> FitPolicy.BEST;
      case FIRST -> FitPolicy.FIRST;
      case NEXT -> FitPolicy.NEXT;
    };
  }

  /** A source of the tier as the engine calls it. */
  private record Supply(AddressSource source) implements SpanSource {
    @Override
    public long quantum() {
      return source.quantum();
    }

    @Override
    public long importSpan(long size, Fit fit) {
      return source.importSpan(size, policy(fit));
    }

    @Override
    public void releaseSpan(long base, long size) {
      source.releaseSpan(base, size);
    }
  }

  @Override
  public ArenaSpec spec() {
    return spec;
  }

  @Override
  public void addSpan(long base, long size) {
    arena.addSpan(base, size);
  }

  @Override
  public long allocate(int cpu, long size, FitPolicy policy) {
    return arena.allocate(cpu, size, fit(policy));
  }

  @Override
  public long allocateConstrained(int cpu, long size, AddressConstraints where, FitPolicy policy) {
    return arena.allocateConstrained(size, constraints(where), fit(policy));
  }

  private static Constraints constraints(AddressConstraints where) {
    return new Constraints(where.align(), where.phase(), where.nocross(), where.min(), where.max());
  }

  @Override
  public void free(int cpu, long base, long size) {
    arena.free(cpu, base, size);
  }

  @Override
  public void freeConstrained(int cpu, long base, long size) {
    arena.freeConstrained(base, size);
  }

  @Override
  public boolean contains(long base, long size) {
    return arena.contains(base, size);
  }

  @Override
  public long allocatedBytes() {
    return arena.allocatedBytes();
  }

  @Override
  public long freeBytes() {
    return arena.freeBytes();
  }

  @Override
  public long largestFree() {
    return arena.largestFree();
  }

  @Override
  public void walkAllocated(RangeVisitor visitor) {
    arena.walkAllocated(visitor);
  }

  @Override
  public void walkFree(RangeVisitor visitor) {
    arena.walkFree(visitor);
  }

  @Override
  public void walkSpans(RangeVisitor visitor) {
    arena.walkSpans(visitor);
  }

  /** Does as {@link #walkAllocated}, and returns whether the visitor wanted all of it. */
  boolean showLive(RangeVisitor visitor) {
    return arena.walkAllocated(visitor);
  }

  /** Does as {@link #walkSpans}, and returns whether the visitor wanted all of it. */
  boolean showSpans(RangeVisitor visitor) {
    return arena.walkSpans(visitor);
  }

  @Override
  public List<Statistic> statistics() {
    return arena.statistics();
  }

  /** Sends what the quantum caches hold back to the segments. */
  void drain() {
    arena.drain();
    if (inherited) {
      inherited = false;
      arena.giveBack(); // the predecessor's rotor may have kept one that this one's does not
    }
  }

  /** Recomputes everything and returns the number of facts checked. */
  long checkInvariants() {
    return arena.checkInvariants();
  }

  /** Takes spans and live ranges over from a predecessor, into an arena that is empty. */
  void adopt(Heritage heritage) {
    arena.adopt(heritage);
    inherited = true;
  }

  @Override
  public void close() {
    arena.close();
    onClose.accept(this);
  }
}
