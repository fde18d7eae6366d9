package workbench.synthetic;

import java.util.SplittableRandom;

/** Ranges of random sizes. */
final class RandomSize implements VmallocLoop {
  private static final int PAGES = 100; // as the original
  private static final int MOST = 1 << 20;

  @Override
  public String name() {
    return "random_size";
  }

  @Override
  public String description() {
    return "Takes a range of 1 to 100 pages and gives it back: sizes that do not repeat.";
  }

  @Override
  public Parameter parameter() {
    return new Parameter("most", PAGES, 1, MOST, "most pages of a range");
  }

  @Override
  public void round(long value, SplittableRandom random, AddressClient client) {
    Range.of(random.nextLong(1, value + 1), client).free(client);
  }
}
