package heap.zone;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The zone heap's hand-overs: the word that guards a CPU's part of a zone, see {@link ZoneCache},
 * and the marks of live elements and the words of pages, see {@link Region}.
 */
public final class ZoneRaces {
  private ZoneRaces() {}

  /** Two threads with the same CPU pop the one element that its magazine has. */
  @JCStressTest
  @Outcome(
      id = {"8, 0", "0, 8"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it")
  @Outcome(
      id = {"8, -1", "-1, 8"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it, the other was sent on")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody")
  @State
  public static class PopOfOneCpu {
    private final ZoneCache magazines = new ZoneCache(2);

    /** One element, at address 8. */
    public PopOfOneCpu() {
      magazines.enter();
      magazines.push(8);
      magazines.swap();
      magazines.leave();
    }

    private int pop() {
      if (!magazines.enter()) {
        return -1;
      }
      int got = (int) magazines.pop();
      magazines.leave();
      return got;
    }

    /** Pops. */
    @Actor
    public void first(II_Result r) {
      r.r1 = pop();
    }

    /** Pops. */
    @Actor
    public void second(II_Result r) {
      r.r2 = pop();
    }
  }

  /** Two threads free one element: its mark goes once. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 2", "0, 1, 2"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or a neighbour's mark was lost")
  @State
  public static class DiedTwice {
    private final Region region = region();

    private static Region region() {
      Region made = new Region(1024);
      made.admitZones();
      made.born(16, false);
      made.born(32, false);
      return made;
    }

    /** Frees the element at 32. */
    @Actor
    public void first(III_Result r) {
      r.r1 = region.died(32) ? 1 : 0;
    }

    /** Frees the element at 32. */
    @Actor
    public void second(III_Result r) {
      r.r2 = region.died(32) ? 1 : 0;
    }

    /** The marks: that of 16 is left. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = region.marks(0);
    }
  }

  /** An element is born while its neighbour in the same byte of marks dies. */
  @JCStressTest
  @Outcome(id = "1, 4", expect = Expect.ACCEPTABLE, desc = "both changes are there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a change of the byte was lost")
  @State
  public static class BirthAndDeath {
    private final Region region = new Region(1024);

    /** An element at 16. */
    public BirthAndDeath() {
      region.admitZones();
      region.born(16, false);
    }

    /** Frees it. */
    @Actor
    public void death(II_Result r) {
      r.r1 = region.died(16) ? 1 : 0;
    }

    /** Another, at 32. */
    @Actor
    public void birth() {
      region.born(32, false);
    }

    /** The marks. */
    @Arbiter
    public void end(II_Result r) {
      r.r2 = region.marks(0);
    }
  }

  /** Two threads free one large block: the word of its first page is replaced once. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or not at all")
  @State
  public static class ReplaceTwice {
    private final Region region = new Region(1024);

    /** Page 0 has the word 5. */
    public ReplaceTwice() {
      region.meta[0] = 5;
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = region.replace(0, 5, 0) ? 1 : 0;
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = region.replace(0, 5, 0) ? 1 : 0;
    }

    /** The word. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = (int) region.meta[0];
    }
  }
}
