package heap.slab;

import heap.api.BackedSpans;

/** Pages straight from below, each block a span by itself. */
final class SpanPages implements PageSource {
  private final BackedSpans spans;
  private final Regions regions;
  private final Ledger ledger;

  SpanPages(BackedSpans spans, Regions regions, Ledger ledger) {
    this.spans = spans;
    this.regions = regions;
    this.ledger = ledger;
  }

  @Override
  public short owner() {
    return Region.LARGE;
  }

  @Override
  public long take(long bytes, long align) {
    if (!ledger.promise(bytes)) {
      return BackedSpans.NONE;
    }
    long block = BackedSpans.NONE;
    try {
      block = spans.allocate(bytes, align);
    } finally {
      settle(block != BackedSpans.NONE, bytes);
    }
    if (block != BackedSpans.NONE) {
      admit(block, bytes);
    }
    return block;
  }

  private void settle(boolean got, long bytes) {
    if (got) {
      ledger.imported(bytes);
    } else {
      ledger.cancel(bytes);
    }
  }

  private void admit(long block, long bytes) {
    boolean done = false;
    try {
      regions.ensure(block, 1, false);
      done = true;
    } finally {
      if (!done) { // the host's memory is exhausted
        give(block, bytes);
      }
    }
  }

  @Override
  public boolean extend(long end, long bytes) {
    if (!ledger.promise(bytes)) {
      return false;
    }
    boolean got = false;
    try {
      got = spans.extend(end, bytes);
    } finally {
      settle(got, bytes);
    }
    return got;
  }

  @Override
  public void give(long address, long bytes) {
    spans.release(address, bytes);
    ledger.released(bytes);
  }
}
