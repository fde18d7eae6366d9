package physmem.llfree;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * LLFree's upper level: counts of trees, see {@link Trees}, and the reservations of CPUs, see
 * {@link Reservations}. Whatever happens, no frame is on two counts and none is on no count.
 */
public final class TreeRaces {
  private static final int FRAMES = 16384;

  private TreeRaces() {}

  private static Trees trees() {
    return new Trees(new Cells(), Scratch.take(64).address(), FRAMES);
  }

  private static Reservations reservations() {
    List<Span> frames = List.of(new Span(0, FRAMES));
    Zone zone = new Zone(0, Zone.NORMAL, 0, 1, frames, frames);
    RamMap map =
        new RamMap(List.of(zone), FRAMES, new long[][] {{0, FRAMES, 0, 0}}, new long[] {0});
    return new Reservations(new Cells(), Scratch.take(256).address(), map, 1);
  }

  /** Two CPUs want to reserve one tree. */
  @JCStressTest
  @Outcome(
      id = {"16384, -1", "-1, 16384"},
      expect = Expect.ACCEPTABLE,
      desc = "one has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have its frames, or neither")
  @State
  public static class ReserveTwice {
    private final Trees trees = trees();

    /** Reserves. */
    @Actor
    public void first(II_Result r) {
      r.r1 = trees.reserve(0, 1024, Integer.MAX_VALUE);
    }

    /** Reserves. */
    @Actor
    public void second(II_Result r) {
      r.r2 = trees.reserve(0, 1024, Integer.MAX_VALUE);
    }
  }

  /** A tree is reserved while somebody frees into it. */
  @JCStressTest
  @Outcome(
      id = "16000, 16",
      expect = Expect.ACCEPTABLE,
      desc = "the free stays on the tree's count")
  @Outcome(id = "16016, 0", expect = Expect.ACCEPTABLE, desc = "the free came first and goes along")
  @Outcome(expect = Expect.FORBIDDEN, desc = "frames were lost or counted twice")
  @State
  public static class ReserveAndGive {
    private final Trees trees = trees();
    private int got;

    /** Takes 384 frames off the count. */
    public ReserveAndGive() {
      trees.take(0, 384);
    }

    /** Reserves. */
    @Actor
    public void reserve() {
      got = trees.reserve(0, 1024, Integer.MAX_VALUE);
    }

    /** Frees 16 frames. */
    @Actor
    public void give() {
      trees.give(0, 16);
    }

    /** What came with the reservation, and what the tree has. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = got;
      r.r2 = trees.free(0);
    }
  }

  /** Two threads of a CPU fetch what others have freed into its tree. */
  @JCStressTest
  @Outcome(
      id = {"16, 0", "0, 16"},
      expect = Expect.ACCEPTABLE,
      desc = "one has the frames")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both have them, or neither")
  @State
  public static class PullTwice {
    private final Trees trees = trees();

    /** Reserves, then 16 frames are freed. */
    public PullTwice() {
      trees.reserve(0, 1, Integer.MAX_VALUE);
      trees.give(0, 16);
    }

    /** Fetches. */
    @Actor
    public void first(II_Result r) {
      r.r1 = trees.pull(0);
    }

    /** Fetches. */
    @Actor
    public void second(II_Result r) {
      r.r2 = trees.pull(0);
    }
  }

  /** A reservation is ended, by a drain, while its CPU frees into its tree. */
  @JCStressTest
  @Outcome(id = "1, 108, 0", expect = Expect.ACCEPTABLE, desc = "added, then ended")
  @Outcome(id = "0, 100, 0", expect = Expect.ACCEPTABLE, desc = "ended; the free goes to the tree")
  @Outcome(expect = Expect.FORBIDDEN, desc = "frames were added to a reservation that is over")
  @State
  public static class EndAndGive {
    private final Reservations reservations = reservations();
    private final long line = reservations.line(0, 0);

    /** Reserves tree 0 with 100 frames. */
    public EndAndGive() {
      reservations.exchange(line, 0, 100);
    }

    /** Frees 8 frames. */
    @Actor
    public void give(III_Result r) {
      r.r1 = reservations.give(line, 0, 8) ? 1 : 0;
    }

    /** Ends. */
    @Actor
    public void end(III_Result r) {
      r.r2 = Reservations.free(reservations.end(line));
    }

    /** What is left. */
    @Arbiter
    public void left(III_Result r) {
      r.r3 = Reservations.free(reservations.at(line));
    }
  }

  /** Two threads with the same CPU take from its reservation, which has enough for one. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 1", "0, 1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one has the frames")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the count promised more than there is")
  @State
  public static class TakeFromOneReservation {
    private static final int WANTED = 4;

    private final Reservations reservations = reservations();
    private final long line = reservations.line(0, 0);

    /** Reserves tree 0 with 5 frames. */
    public TakeFromOneReservation() {
      reservations.exchange(line, 0, WANTED + 1);
    }

    private int take() {
      while (true) {
        long now = reservations.at(line);
        if (Reservations.free(now) < WANTED) {
          return 0;
        }
        if (reservations.swap(line, now, now - WANTED)) {
          return 1;
        }
      }
    }

    /** Takes. */
    @Actor
    public void first(III_Result r) {
      r.r1 = take();
    }

    /** Takes. */
    @Actor
    public void second(III_Result r) {
      r.r2 = take();
    }

    /** What is left. */
    @Arbiter
    public void left(III_Result r) {
      r.r3 = Reservations.free(reservations.at(line));
    }
  }
}
