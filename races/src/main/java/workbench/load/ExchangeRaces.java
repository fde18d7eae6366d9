package workbench.load;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Where the threads of a load exchange blocks, see {@link Exchange}. */
public final class ExchangeRaces {
  private ExchangeRaces() {}

  private static Blocks holding(int block) {
    Blocks blocks = new Blocks();
    blocks.put(0, block, block, block);
    return blocks;
  }

  /** {@return the block at index 0, or -1 if its three figures are of different ones} */
  private static int block(Blocks blocks) {
    long address = blocks.address(0);
    boolean whole = blocks.bytes(0) == address && blocks.id(0) == address;
    return whole ? (int) address : -1;
  }

  /** Two threads, with blocks 1 and 2, are at one empty slot. */
  @JCStressTest
  @Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "first, then second")
  @Outcome(id = "2, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "second, then first")
  @Outcome(id = "0, 2, 1, 0", expect = Expect.ACCEPTABLE, desc = "first; the second was refused")
  @Outcome(id = "1, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "second; the first was refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a block was lost, doubled or torn")
  @State
  public static class TwoAtOneSlot {
    private final Exchange exchange = new Exchange(1);
    private final Blocks first = holding(1);
    private final Blocks second = holding(2);

    /** Swaps. */
    @Actor
    public void first(IIII_Result r) {
      r.r3 = exchange.swap(0, first, 0) ? 1 : 0;
      r.r1 = block(first);
    }

    /** Swaps. */
    @Actor
    public void second(IIII_Result r) {
      r.r4 = exchange.swap(0, second, 0) ? 1 : 0;
      r.r2 = block(second);
    }
  }

  /** What is written to a block before it is left in a slot is seen by who finds it there. */
  @JCStressTest
  @Outcome(id = "1, 42", expect = Expect.ACCEPTABLE, desc = "found, with its contents")
  @Outcome(
      id = {"0, 0", "-1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "not there yet, or refused")
  @Outcome(expect = Expect.FORBIDDEN, desc = "found without its contents")
  @State
  public static class Contents {
    private final Exchange exchange = new Exchange(1);
    private final Blocks first = holding(1);
    private final Blocks second = holding(0);
    private int contents; // of block 1

    /** Writes and leaves. */
    @Actor
    public void leave() {
      contents = 42;
      exchange.swap(0, first, 0);
    }

    /** Finds and reads. */
    @Actor
    public void find(II_Result r) {
      r.r1 = exchange.swap(0, second, 0) ? block(second) : -1;
      r.r2 = r.r1 == 1 ? contents : 0;
    }
  }
}
