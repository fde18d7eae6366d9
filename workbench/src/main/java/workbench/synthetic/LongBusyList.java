package workbench.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Much is busy, and a large and a small range are wanted. */
final class LongBusyList implements VmallocLoop {
  private static final int BUSY = 15_000; // as the original
  private static final int MOST = 1 << 20;
  private static final int LARGE = 100;

  @Override
  public String name() {
    return "long_busy_list";
  }

  @Override
  public String description() {
    return "Keeps 15000 ranges of one page busy, then takes ranges of 100 pages and of one and"
        + " gives them back: the cost of passing what is busy.";
  }

  @Override
  public Parameter parameter() {
    return new Parameter("busy", BUSY, 1, MOST, "busy ranges of each thread");
  }

  @Override
  public List<Range> prepare(long value, AddressClient client) {
    List<Range> busy = new ArrayList<>();
    for (long i = 0; i < value; i++) {
      busy.add(Range.of(1, client));
    }
    return busy;
  }

  @Override
  public void round(long value, SplittableRandom random, AddressClient client) {
    Range large = Range.of(LARGE, client);
    Range small = Range.of(1, client);
    large.free(client);
    small.free(client);
  }
}
