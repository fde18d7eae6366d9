package physmem.buddy;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import physmem.api.FrameContext;
import physmem.api.FrameEngine;
import physmem.api.FrameSpan;

/**
 * The buddy as a whole, whose CPUs' lists are guarded by words that are only ever tried, see {@link
 * CpuLists}. The third figure of each outcome is the number of free frames at the end, or -1 if an
 * invariant does not hold.
 */
public final class BuddyRaces {
  private static final long BASE = 1 << 20;

  private BuddyRaces() {}

  /** A machine of one zone. */
  private record Ram(int cpus, List<FrameSpan> present) implements FrameContext {
    @Override
    public List<FrameSpan> free() {
      return present;
    }

    @Override
    public int pageBytes() {
      return 4096;
    }

    @Override
    public MemorySegment reserveMetadata(long bytes) {
      return Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
  }

  /** A small allocator. */
  public abstract static class Small {
    final FrameEngine engine;

    Small(long frames) {
      engine =
          new BuddyProvider()
              .open(
                  new Ram(2, List.of(new FrameSpan(BASE, frames, 0))),
                  Settings.none("physmem.buddy"));
      engine.free(0, engine.allocate(0, 0, 0), 0); // into the list of CPU 0
    }

    final int free(int cpu, long frame, int order) {
      try {
        engine.free(cpu, frame, order);
        return 1;
      } catch (MisuseException e) {
        return 0;
      }
    }

    final int freeFrames() {
      try {
        engine.drain();
        engine.checkInvariants();
        return (int) engine.freeFrames();
      } catch (CorruptionException e) {
        return -1;
      }
    }
  }

  /** Two threads with the same CPU allocate; one of them may be sent on to the zone. */
  @JCStressTest
  @Outcome(id = "1, 1, 62", expect = Expect.ACCEPTABLE, desc = "two different frames")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one frame for both, or the counts are wrong")
  @State
  public static class SameCpu extends Small {
    private long first;
    private long second;

    /** 64 frames. */
    public SameCpu() {
      super(64);
    }

    /** Allocates. */
    @Actor
    public void first() {
      first = engine.allocate(0, 0, 0);
    }

    /** Allocates. */
    @Actor
    public void second() {
      second = engine.allocate(0, 0, 0);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = first >= 0 && second >= 0 ? 1 : 0;
      r.r2 = first != second ? 1 : 0;
      r.r3 = freeFrames();
    }
  }

  /** One CPU frees while another empties the lists of all. */
  @JCStressTest
  @Outcome(id = "1, 1, 64", expect = Expect.ACCEPTABLE, desc = "all are free, in whichever list")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a frame was lost or counted twice")
  @State
  public static class FreeAndDrain extends Small {
    private final long frame;

    /** 64 frames, one allocated. */
    public FreeAndDrain() {
      super(64);
      frame = engine.allocate(0, 0, 0);
    }

    /** Frees. */
    @Actor
    public void free(III_Result r) {
      r.r1 = free(0, frame, 0);
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
      r.r3 = freeFrames();
    }
  }
}
