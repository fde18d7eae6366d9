package physmem.llfree;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
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
import physmem.api.FrameSpan;

/**
 * LLFree as a whole, through the calls of a client. The third figure of each outcome is the number
 * of free frames at the end, or -1 if an invariant does not hold.
 */
public final class EngineRaces {
  private static final long BASE = 1 << 20;

  private EngineRaces() {}

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
      return Scratch.take(bytes);
    }
  }

  /** A small allocator. */
  public abstract static class Small {
    final LlfreeFrames engine;

    Small(long frames) {
      engine =
          new LlfreeFrames(
              new Ram(2, List.of(new FrameSpan(BASE, frames, 0))),
              new LlfreeSettings(2, true, Init.FREE, ""));
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
        engine.checkInvariants();
        return (int) engine.freeFrames();
      } catch (CorruptionException e) {
        return -1;
      }
    }
  }

  /** Two CPUs want the last frame. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it")
  @Outcome(
      id = "0, 0, 1",
      expect = Expect.ACCEPTABLE_INTERESTING,
      desc = "neither: the count was on its way while both looked; said in the essay")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or the counts are wrong")
  @State
  public static class LastFrame extends Small {
    /** One frame. */
    public LastFrame() {
      super(1);
    }

    /** Allocates. */
    @Actor
    public void first(III_Result r) {
      r.r1 = engine.allocate(0, 0, 0) == BASE ? 1 : 0;
    }

    /** Allocates. */
    @Actor
    public void second(III_Result r) {
      r.r2 = engine.allocate(1, 0, 0) == BASE ? 1 : 0;
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = freeFrames();
    }
  }

  /** Two CPUs free one block of order 0, which is one compare-and-set. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 2048", "0, 1, 2048"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or not at all")
  @State
  public static class DoubleFree extends Small {
    private final long frame;

    /** Two trees. */
    public DoubleFree() {
      super(2048);
      frame = engine.allocate(0, 0, 0);
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = free(0, frame, 0);
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = free(1, frame, 0);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = freeFrames();
    }
  }

  /** Two CPUs free one block of order 7, which is four words. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 2048", "0, 1, 2048"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, in part, or not at all")
  @State
  public static class DoubleFreeOfWords extends Small {
    private final long frame;

    /** Two trees. */
    public DoubleFreeOfWords() {
      super(2048);
      frame = engine.allocate(0, 7, 0);
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = free(0, frame, 7);
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = free(1, frame, 7);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = freeFrames();
    }
  }

  /** Two CPUs free one block of order 10, which is one int of two entries. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 2048", "0, 1, 2048"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, in part, or not at all")
  @State
  public static class DoubleFreeOfPair extends Small {
    private final long frame;

    /** Two trees. */
    public DoubleFreeOfPair() {
      super(2048);
      frame = engine.allocate(0, 10, 0);
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = free(0, frame, 10);
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = free(1, frame, 10);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = freeFrames();
    }
  }

  /** A bulk free in no order, while one of its blocks is freed by itself: all or nothing. */
  @JCStressTest
  @Outcome(id = "1, 0, 64", expect = Expect.ACCEPTABLE, desc = "the bulk has all, the other none")
  @Outcome(id = "0, 1, 62", expect = Expect.ACCEPTABLE, desc = "the bulk is refused as a whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a block was freed twice, or the bulk in part")
  @State
  public static class BulkAndOne extends Small {
    private final long[] frames = new long[3];

    /** 64 frames, of which 3 are allocated. */
    public BulkAndOne() {
      super(64);
      engine.allocateBulk(0, 0, 0, frames, 0, 3);
      long first = frames[0];
      frames[0] = frames[2];
      frames[2] = first;
    }

    /** Frees all. */
    @Actor
    public void bulk(III_Result r) {
      try {
        engine.freeBulk(0, 0, frames, 0, 3);
        r.r1 = 1;
      } catch (MisuseException e) {
        r.r1 = 0;
      }
    }

    /** Frees the one in the middle. */
    @Actor
    public void one(III_Result r) {
      r.r2 = free(1, frames[1], 0);
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = freeFrames();
    }
  }

  /** Two named ranges that overlap in one frame. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 1948", "0, 1, 1948"},
      expect = Expect.ACCEPTABLE,
      desc = "one has its range")
  @Outcome(
      id = "0, 0, 2048",
      expect = Expect.ACCEPTABLE_INTERESTING,
      desc = "neither: each met what the other had taken by then, or a count on its way")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the frame was handed out twice, or a part was lost")
  @State
  public static class OverlappingRanges extends Small {
    /** Two trees. */
    public OverlappingRanges() {
      super(2048);
    }

    /** Takes frames 500 to 599. */
    @Actor
    public void first(III_Result r) {
      r.r1 = engine.allocateAt(0, BASE + 500, 100, 0) ? 1 : 0;
    }

    /** Takes frames 599 to 698. */
    @Actor
    public void second(III_Result r) {
      r.r2 = engine.allocateAt(1, BASE + 599, 100, 0) ? 1 : 0;
    }

    /** Checks. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = freeFrames();
    }
  }

  /** A CPU allocates while another drains all reservations. */
  @JCStressTest
  @Outcome(id = "1, 1, 63", expect = Expect.ACCEPTABLE, desc = "allocated, all counts are right")
  @Outcome(
      id = "0, 1, 64",
      expect = Expect.ACCEPTABLE_INTERESTING,
      desc = "the drain had the count in its hands while the other looked")
  @Outcome(expect = Expect.FORBIDDEN, desc = "frames were lost or counted twice")
  @State
  public static class AllocateAndDrain extends Small {
    /** 64 frames, reserved. */
    public AllocateAndDrain() {
      super(64);
      engine.free(0, engine.allocate(0, 0, 0), 0);
    }

    /** Allocates. */
    @Actor
    public void allocate(III_Result r) {
      r.r1 = engine.allocate(0, 0, 0) >= 0 ? 1 : 0;
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
