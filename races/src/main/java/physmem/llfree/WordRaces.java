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
 * LLFree's bit fields: words of 32 frames that change by compare-and-set, see {@link Words}, and
 * blocks of several words, which are pending while they are made or freed, see {@link Pieces}.
 */
public final class WordRaces {
  private static final int BLOCK = 4; // frames of an order 2

  private WordRaces() {}

  private static Words words() {
    return new Words(new Cells(), Scratch.take(128).address());
  }

  /** Two threads take a frame from a word that has one left: one of them gets it. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "one of them has the frame")
  @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "the frame was handed out twice")
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "both missed a frame that is free")
  @State
  public static class TakeTheLast {
    private final Words words = words();

    /** Leaves bit 7 free. */
    public TakeTheLast() {
      words.put(0, Words.join(~(1 << 7), ~(1 << 7)));
    }

    /** Takes. */
    @Actor
    public void first(II_Result r) {
      r.r1 = words.take(0, 0, 1) >>> 7;
    }

    /** Takes. */
    @Actor
    public void second(II_Result r) {
      r.r2 = words.take(0, 0, 1) >>> 7;
    }
  }

  /** Two threads free the same frames of a word: one succeeds, the other is refused. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or not at all")
  @State
  public static class GiveTwice {
    private final Words words = words();

    /** Allocates a block of 4 frames. */
    public GiveTwice() {
      words.put(0, Words.join(BLOCK * BLOCK - 1, 1));
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = words.giveMask(0, BLOCK * BLOCK - 1, 0) ? 1 : 0;
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = words.giveMask(0, BLOCK * BLOCK - 1, 0) ? 1 : 0;
    }

    /** What is left of the word. */
    @Arbiter
    public void end(III_Result r) {
      r.r3 = (int) words.at(0);
    }
  }

  /** One thread frees a frame while another looks for one in the same, full word. */
  @JCStressTest
  @Outcome(
      id = "1, 0",
      expect = Expect.ACCEPTABLE,
      desc = "the search came first; one frame is free")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the freed frame was taken again")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a bit of the word was lost")
  @State
  public static class GiveAndTake {
    private final Words words = words();
    private int taken;

    /** Allocates every frame as a block of its own. */
    public GiveAndTake() {
      words.put(0, -1);
    }

    /** Frees frame 9. */
    @Actor
    public void give() {
      words.giveMask(0, 1 << 9, 0);
    }

    /** Takes any frame. */
    @Actor
    public void take() {
      taken = Integer.bitCount(words.take(0, 0, 1));
    }

    /** Free frames, and taken ones. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = Integer.bitCount(Words.free(words.at(0)));
      r.r2 = taken;
    }
  }

  /**
   * A block of two words is made while another thread looks at the second word and then at the
   * first: an inner frame is never seen behind a free one, which is what recovery relies on.
   */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not begun")
  @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "pending, the second word is still free")
  @Outcome(id = "0, 3", expect = Expect.ACCEPTABLE, desc = "made between the two looks")
  @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "pending")
  @Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "made")
  @Outcome(expect = Expect.FORBIDDEN, desc = "inner frames behind a free one")
  @State
  public static class MakeLarge {
    private final Words words = words();
    private final Pieces pieces =
        new Pieces(words, new Children(new Cells(), Scratch.take(8).address()));

    /** Allocates an order 6. */
    @Actor
    public void make() {
      pieces.take(0, 64, Layout.FOREIGN);
      pieces.settle(0);
    }

    /** The states of the first frame of the second word, then of the first. */
    @Actor
    public void look(II_Result r) {
      r.r1 = Words.state(words.at(1), 0);
      r.r2 = Words.state(words.at(0), 0);
    }
  }

  /** Two threads free the same block of two words: the first step decides. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 64", "0, 1, 64"},
      expect = Expect.ACCEPTABLE,
      desc = "one is refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or in part")
  @State
  public static class SuspendTwice {
    private final Words words = words();
    private final Children children = new Children(new Cells(), Scratch.take(8).address());
    private final Pieces pieces = new Pieces(words, children);

    /** Allocates an order 6. */
    public SuspendTwice() {
      pieces.take(0, 64, Layout.HEAD);
    }

    private int free() {
      if (!pieces.suspend(0, 64)) {
        return 0;
      }
      pieces.give(0, 64, true);
      return 1;
    }

    /** Frees. */
    @Actor
    public void first(III_Result r) {
      r.r1 = free();
    }

    /** Frees. */
    @Actor
    public void second(III_Result r) {
      r.r2 = free();
    }

    /** Free frames of the two words. */
    @Arbiter
    public void end(III_Result r) {
      int free = Integer.bitCount(Words.free(words.at(0)));
      r.r3 = free + Integer.bitCount(Words.free(words.at(1))) - Children.used(children.at(0));
    }
  }
}
