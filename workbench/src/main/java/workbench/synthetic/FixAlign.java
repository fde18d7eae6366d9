package workbench.synthetic;

import java.util.SplittableRandom;

/** Ranges that are aligned to more than their size. */
final class FixAlign implements VmallocLoop {
  private static final int PAGES = 5;
  private static final int SHIFT = 15; // 2 * THREAD_ALIGN of x86-64, whose stacks have 16 KiB
  private static final int LEAST_SHIFT = 12;
  private static final int MOST_SHIFT = 30;

  @Override
  public String name() {
    return "fix_align";
  }

  @Override
  public String description() {
    return "Takes a range of 5 pages at a multiple of 32 KiB and gives it back: the search under"
        + " an alignment.";
  }

  @Override
  public Parameter parameter() {
    return new Parameter("shift", SHIFT, LEAST_SHIFT, MOST_SHIFT, "log2 of the alignment");
  }

  @Override
  public void round(long value, SplittableRandom random, AddressClient client) {
    long base = client.allocateAligned(PAGES, 1L << value);
    client.freeAligned(base, PAGES);
  }
}
