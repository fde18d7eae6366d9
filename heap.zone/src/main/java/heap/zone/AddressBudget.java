package heap.zone;

import heap.api.BackedSpans;
import java.util.concurrent.atomic.AtomicLong;

/** The addresses that all zones may have together. Safe for use by several threads. */
final class AddressBudget {
  private final long limit;
  private final int align;
  private final AtomicLong reserved = new AtomicLong();

  AddressBudget(long limit, int align) {
    this.limit = limit;
    this.align = align;
  }

  /**
   * {@return reserved addresses, or {@link BackedSpans#NONE} if the limit is met or none are left}
   */
  long reserve(BackedSpans spans, long bytes) {
    if (reserved.addAndGet(bytes) > limit) {
      reserved.addAndGet(-bytes);
      return BackedSpans.NONE;
    }
    long base = BackedSpans.NONE;
    try {
      base = spans.reserve(bytes, align);
    } finally {
      if (base == BackedSpans.NONE) {
        reserved.addAndGet(-bytes);
      }
    }
    return base;
  }

  void released(long bytes) {
    reserved.addAndGet(-bytes);
  }

  long reserved() {
    return reserved.get();
  }

  long limit() {
    return limit;
  }
}
