package workbench.synthetic;

import java.util.SplittableRandom;

/** Ranges of one size. */
final class FixSize implements VmallocLoop {
  private static final int MOST = 1 << 20;

  @Override
  public String name() {
    return "fix_size";
  }

  @Override
  public String description() {
    return "Takes a range of one page and gives it back: the least that a request costs.";
  }

  @Override
  public Parameter parameter() {
    return new Parameter("pages", 1, 1, MOST, "pages of each range");
  }

  @Override
  public void round(long value, SplittableRandom random, AddressClient client) {
    Range.of(value, client).free(client);
  }
}
