package vmem.arena;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import vmem.api.AddressArena;
import vmem.api.AddressContext;
import vmem.api.AddressEngine;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/**
 * An arena with quantum caches as a whole. The third figure is the number of live pages at the end,
 * or -1 if an invariant does not hold.
 */
public final class ArenaRaces {
  private static final long PAGE = 4096;
  private static final long BASE = 1 << 20;

  private ArenaRaces() {}

  private record Context() implements AddressContext {
    @Override
    public int cpus() {
      return 2;
    }

    @Override
    public int pageBytes() {
      return (int) PAGE;
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
  }

  /** An arena of a few pages. */
  public abstract static class Small {
    final AddressEngine engine =
        new ArenaProvider().open(new Context(), Settings.none("vmem.arena"));
    final AddressArena arena;

    Small(long pages) {
      arena = engine.createArena(spec());
      arena.addSpan(BASE, pages * PAGE);
    }

    private static ArenaSpec spec() {
      return new ArenaSpec("race", PAGE, java.util.Optional.empty(), PAGE, false);
    }

    final int allocate(int cpu) {
      long base = arena.allocate(cpu, PAGE, FitPolicy.INSTANT);
      return base == AddressArena.NONE ? -1 : (int) ((base - BASE) / PAGE);
    }

    final int free(int cpu, long page) {
      try {
        arena.free(cpu, BASE + page * PAGE, PAGE);
        return 1;
      } catch (MisuseException e) {
        return 0;
      }
    }

    final int livePages() {
      try {
        engine.drain();
        engine.checkInvariants();
        return (int) (arena.allocatedBytes() / PAGE);
      } catch (CorruptionException e) {
        return -1;
      }
    }
  }

  /** Two CPUs want the last page. */
  @JCStressTest
  @Outcome(
      id = {"0, -1, 1", "-1, 0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody, or an invariant is broken")
  @State
  public static class LastPage extends Small {
    /** One page. */
    public LastPage() {
      super(1);
    }

    /** Allocates. */
    @Actor
    public void first(III_Result r) {
      r.r1 = allocate(0);
    }

    /** Allocates. */
    @Actor
    public void second(III_Result r) {
      r.r2 = allocate(1);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = livePages();
    }
  }

  /** Two CPUs free one range. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or not at all")
  @State
  public static class DoubleFree extends Small {
    private final int page;

    /** One page, allocated. */
    public DoubleFree() {
      super(1);
      page = allocate(0);
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = free(0, page);
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = free(1, page);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = livePages();
    }
  }

  /** A CPU frees a range into its magazine while another drains all of them. */
  @JCStressTest
  @Outcome(
      id = "1, 1, 0",
      expect = Expect.ACCEPTABLE,
      desc = "free, and nothing is left in a magazine")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the range was lost or is live")
  @State
  public static class FreeAndDrain extends Small {
    private final int page;

    /** Two pages, one allocated. */
    public FreeAndDrain() {
      super(2);
      page = allocate(0);
    }

    /** Frees. */
    @Actor
    public void free(III_Result r) {
      r.r1 = free(0, page);
    }

    /** Drains. */
    @Actor
    public void drain(III_Result r) {
      engine.drain();
      r.r2 = 1;
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = livePages();
    }
  }
}
