package physmem.llfree;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * LLFree's child entries: counts and flags of 512 frames, two entries in one int, see {@link
 * Children}.
 */
public final class ChildRaces {
  private ChildRaces() {}

  private static Children children() {
    return new Children(new Cells(), Scratch.take(8).address());
  }

  /** One thread wants the whole child, another a frame of it. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "whoever came first has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the frame was handed out twice, or nobody got it")
  @State
  public static class WholeOrPart {
    private final Children children = children();

    /** Takes all. */
    @Actor
    public void whole(II_Result r) {
      r.r1 = children.takeWhole(1, Layout.HEAD) ? 1 : 0;
    }

    /** Takes one frame. */
    @Actor
    public void part(II_Result r) {
      r.r2 = children.take(1, 1) ? 1 : 0;
    }
  }

  /** One thread wants a pair of children, another the second of them. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "whoever came first has it")
  @Outcome(expect = Expect.FORBIDDEN, desc = "the child was handed out twice, or nobody got it")
  @State
  public static class PairOrOne {
    private final Children children = children();

    /** Takes an order 10. */
    @Actor
    public void pair(II_Result r) {
      r.r1 = children.takePair(0) ? 1 : 0;
    }

    /** Takes an order 9. */
    @Actor
    public void one(II_Result r) {
      r.r2 = children.takeWhole(1, Layout.HEAD) ? 1 : 0;
    }
  }

  /** Two entries share an int: counts of one do not touch the other. */
  @JCStressTest
  @Outcome(id = "7, 3", expect = Expect.ACCEPTABLE, desc = "both counts are right")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a change of the neighbour was lost")
  @State
  public static class Neighbours {
    private final Children children = children();

    /** Begins with 1 and 5 frames used. */
    public Neighbours() {
      children.take(0, 1);
      children.take(1, 5);
    }

    /** Six more in the first. */
    @Actor
    public void first() {
      children.take(0, 6);
    }

    /** Two fewer in the second. */
    @Actor
    public void second() {
      children.give(1, 2);
    }

    /** The counts. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = Children.used(children.at(0));
      r.r2 = Children.used(children.at(1));
    }
  }

  /**
   * The last frame of a child is freed while another thread takes the child as a whole: who sees
   * the room sees the zero bits.
   */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the child was not free yet")
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "taken, and its words are zero")
  @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "taken with a bit still set")
  @State
  public static class RoomBeforeBits {
    private final Words words = new Words(new Cells(), Scratch.take(128).address());
    private final Children children = children();
    private final Pieces pieces = new Pieces(words, children);

    /** Allocates frame 3. */
    public RoomBeforeBits() {
      pieces.take(3, 4, Layout.HEAD);
    }

    /** Frees it. */
    @Actor
    public void give() {
      pieces.give(3, 4, false);
    }

    /** Takes the child and looks at the word. */
    @Actor
    public void whole(II_Result r) {
      r.r1 = children.takeWhole(0, Layout.HEAD) ? 1 : 0;
      r.r2 = r.r1 == 1 && words.at(0) != 0 ? 1 : 0;
    }
  }

  /** Two threads free parts of one huge block: one writes its words, the other waits or follows. */
  @JCStressTest
  @Outcome(
      id = "1, 1, 0",
      expect = Expect.ACCEPTABLE,
      desc = "both parts are free, the flag is gone")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a part was lost, or the child stays busy")
  @State
  public static class CutHuge {
    private final Words words = new Words(new Cells(), Scratch.take(128).address());
    private final Children children = children();
    private final Pieces pieces = new Pieces(words, children);

    /** Allocates an order 9. */
    public CutHuge() {
      children.takeWhole(0, Layout.HEAD);
    }

    /** Frees the first 100 frames. */
    @Actor
    public void low(III_Result r) {
      pieces.cut(100);
      pieces.suspend(0, 100);
      pieces.give(0, 100, true);
      r.r1 = 1;
    }

    /** Frees the rest. */
    @Actor
    public void high(III_Result r) {
      pieces.suspend(100, 512);
      pieces.give(100, 512, true);
      r.r2 = 1;
    }

    /** What is left of the entry but the note that the words were used. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = children.at(0) & ~Layout.TOUCHED;
    }
  }
}
