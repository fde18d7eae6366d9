package workbench.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Every other page is free, and a page is wanted. */
final class FullFit implements VmallocLoop {
  private static final int JUNK = 8192; // as the original for one CPU: 32 MiB
  private static final int MOST = 1 << 20;

  @Override
  public String name() {
    return "full_fit";
  }

  @Override
  public String description() {
    return "Makes holes of one page between ranges of one page, then takes and gives back a page:"
        + " the search among very many holes that all fit exactly.";
  }

  @Override
  public Parameter parameter() {
    return new Parameter("junk", JUNK, 1, MOST, "holes of each thread");
  }

  @Override
  public List<Range> prepare(long value, AddressClient client) {
    List<Range> kept = new ArrayList<>();
    List<Range> junk = new ArrayList<>();
    for (long i = 0; i < value; i++) {
      kept.add(Range.of(1, client));
      junk.add(Range.of(1, client));
    }
    junk.forEach(range -> range.free(client));
    return kept;
  }

  @Override
  public void round(long value, SplittableRandom random, AddressClient client) {
    Range.of(1, client).free(client);
  }
}
