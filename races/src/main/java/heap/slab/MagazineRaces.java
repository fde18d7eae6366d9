package heap.slab;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The slab heap's hand-overs: the word that guards a CPU's magazines, see {@link CpuMagazines}; the
 * depot, see {@link Depot}; and the marks of live objects, see {@link Region}.
 */
public final class MagazineRaces {
  private static final int STRIDE = 64; // bytes

  private MagazineRaces() {}

  private static long[] magazine(Depot depot, long first) {
    long[] rounds = new long[depot.rounds()];
    rounds[0] = first;
    return rounds;
  }

  /** Two threads with the same CPU pop the one object that its magazine has. */
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
    private final CpuMagazines magazines = new CpuMagazines();

    /** One object, at address 8. */
    public PopOfOneCpu() {
      magazines.enter();
      magazines.load(new long[] {8}, 1);
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

  /** A magazine is handed in while another CPU asks for a full one. */
  @JCStressTest
  @Outcome(id = "8, 0", expect = Expect.ACCEPTABLE, desc = "handed on, with what was put in")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the depot keeps it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled, or without its objects")
  @State
  public static class HandOver {
    private final Depot depot = new Depot(STRIDE, 0, MagazineTypes.MOST_ROUNDS);

    /** Hands in. */
    @Actor
    public void give() {
      depot.exchangeFull(magazine(depot, 8));
    }

    /** Asks. */
    @Actor
    public void take(II_Result r) {
      long[] got = depot.exchangeEmpty(CpuMagazines.NONE);
      r.r1 = got.length == 0 ? 0 : (int) got[0];
    }

    /** What the depot has. */
    @Arbiter
    public void end(II_Result r) {
      r.r2 = depot.fulls();
    }
  }

  /** Two CPUs ask for the one full magazine. */
  @JCStressTest
  @Outcome(
      id = {"8, 0, 0", "0, 8, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody")
  @State
  public static class TwoAsk {
    private final Depot depot = new Depot(STRIDE, 0, MagazineTypes.MOST_ROUNDS);

    /** One full magazine. */
    public TwoAsk() {
      depot.exchangeFull(magazine(depot, 8));
    }

    private int ask() {
      long[] got = depot.exchangeEmpty(CpuMagazines.NONE);
      return got.length == 0 ? 0 : (int) got[0];
    }

    /** Asks. */
    @Actor
    public void first(III_Result r) {
      r.r1 = ask();
    }

    /** Asks. */
    @Actor
    public void second(III_Result r) {
      r.r2 = ask();
    }

    /** What the depot has. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = depot.fulls();
    }
  }

  /** The end of an interval while magazines come in: none is lost. */
  @JCStressTest
  @Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "all are in the depot or taken as excess")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
  @State
  public static class IntervalAndGive {
    private final Depot depot = new Depot(STRIDE, 0, MagazineTypes.MOST_ROUNDS);
    private int excess;

    /** One full magazine. */
    public IntervalAndGive() {
      depot.exchangeFull(magazine(depot, 8));
    }

    /** Hands two in. */
    @Actor
    public void give() {
      depot.exchangeFull(magazine(depot, 16));
      depot.exchangeFull(magazine(depot, 24));
    }

    /** Ends the interval. */
    @Actor
    public void end() {
      for (int left = depot.endInterval(); left > 0; left--) {
        excess += depot.takeFull().length > 0 ? 1 : 0;
      }
    }

    /** All magazines. */
    @Arbiter
    public void sum(org.openjdk.jcstress.infra.results.I_Result r) {
      r.r1 = depot.fulls() + excess;
    }
  }

  /** Two threads free one object: its mark goes once. */
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
      Region made = new Region(256);
      made.admitSlabs();
      made.born(8, false);
      made.born(16, false);
      return made;
    }

    /** Frees the object at 16. */
    @Actor
    public void first(III_Result r) {
      r.r1 = region.died(16) ? 1 : 0;
    }

    /** Frees the object at 16. */
    @Actor
    public void second(III_Result r) {
      r.r2 = region.died(16) ? 1 : 0;
    }

    /** The marks: that of 8 is left. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = region.marks(0);
    }
  }

  /** An object is born while its neighbour in the same byte of marks dies. */
  @JCStressTest
  @Outcome(id = "1, 4", expect = Expect.ACCEPTABLE, desc = "both changes are there")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a change of the byte was lost")
  @State
  public static class BirthAndDeath {
    private final Region region = new Region(256);

    /** An object at 8. */
    public BirthAndDeath() {
      region.admitSlabs();
      region.born(8, false);
    }

    /** Frees it. */
    @Actor
    public void death(II_Result r) {
      r.r1 = region.died(8) ? 1 : 0;
    }

    /** Another, at 16. */
    @Actor
    public void birth() {
      region.born(16, false);
    }

    /** The marks. */
    @Arbiter
    public void end(II_Result r) {
      r.r2 = region.marks(0);
    }
  }
}
