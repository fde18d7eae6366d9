package allocator.arena;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * What the arena does without its lock: a tag's state changes by compare-and-set, see {@link
 * Tags#claim}, and a flag keeps a CPU's magazines to one thread, see {@link Magazines}.
 */
public final class TagRaces {
  private static final long BASE = 0x10000;
  private static final long SIZE = 0x1000;

  private TagRaces() {}

  /** A tag of a live range. */
  public abstract static class Live {
    final Tags tags = new Tags(1 << 20);
    final int tag;

    Live() {
      tags.reserve();
      tag = tags.create(Tags.ANCHOR, BASE, BASE + SIZE, Tags.LIVE);
    }

    final int claim(int to) {
      return tags.claim(tag, BASE, SIZE, Tags.LIVE, to) ? 1 : 0;
    }
  }

  /** Two CPUs free one range into their magazines. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 3", "0, 1, 3"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused; cached")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the range is in two magazines")
  @State
  public static class ClaimTwice extends Live {
    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = claim(Tags.CACHED);
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = claim(Tags.CACHED);
    }

    /** The state. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = tags.type(tag);
    }
  }

  /** One CPU frees a range into its magazine, another by the locked way. */
  @JCStressTest
  @Outcome(id = "1, 0, 3", expect = Expect.ACCEPTABLE, desc = "cached; the locked free is refused")
  @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "freed; the magazine is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice")
  @State
  public static class ClaimAndFree extends Live {
    /** Frees into a magazine. */
    @Actor
    public void cache(III_Result r) {
      r.r1 = claim(Tags.CACHED);
    }

    /** Frees. */
    @Actor
    public void free(III_Result r) {
      r.r2 = claim(Tags.IDLE);
    }

    /** The state. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = tags.type(tag);
    }
  }

  /**
   * A free without the lock of a range that is freed and whose tag becomes another range's
   * meanwhile: the generation in the state shows it.
   */
  @JCStressTest
  @Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "claimed before it was reused")
  @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "refused; the other range is live")
  @Outcome(expect = Expect.FORBIDDEN, desc = "another range was taken for the old one")
  @State
  public static class ClaimAndReuse extends Live {
    /** Frees into a magazine. */
    @Actor
    public void cache(II_Result r) {
      r.r1 = claim(Tags.CACHED);
    }

    /** Frees under the lock, and uses the tag for the range behind. */
    @Actor
    public void reuse() {
      if (tags.claim(tag, BASE, SIZE, Tags.LIVE, Tags.IDLE)) {
        tags.setStart(tag, BASE + SIZE);
        tags.setEnd(tag, BASE + 2 * SIZE);
        tags.setState(tag, Tags.LIVE);
      }
    }

    /** The state. */
    @Arbiter
    public void end(II_Result r) {
      r.r2 = tags.type(tag);
    }
  }

  /** A thread pops from a CPU's magazine while a drain empties it. */
  @JCStressTest
  @Outcome(
      id = {"7, 0", "0, 7"},
      expect = Expect.ACCEPTABLE,
      desc = "one has the range")
  @Outcome(
      id = "-1, 7",
      expect = Expect.ACCEPTABLE,
      desc = "drained; the other was sent to the segments")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody")
  @State
  public static class PopAndDrain {
    private final Magazines magazines = new Magazines(1, 2);

    /** One range, tag 7. */
    public PopAndDrain() {
      magazines.enter();
      magazines.push(0, 7, BASE);
      magazines.leave();
    }

    private int popped() {
      int got = magazines.isEmpty(0) ? 0 : magazines.pop(0);
      magazines.leave();
      return got;
    }

    /** Pops, or goes on. */
    @Actor
    public void pop(II_Result r) {
      r.r1 = magazines.enter() ? popped() : -1;
    }

    /** Drains, and waits if it has to. */
    @Actor
    public void drain(II_Result r) {
      magazines.enterWaiting();
      r.r2 = popped();
    }
  }
}
