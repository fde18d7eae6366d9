package heap.zone;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The account of what is held from below, in bytes. An import is first promised, which the limit
 * may refuse, then held or cancelled; so imports at the same time do not exceed the limit together.
 * Safe for use by several threads.
 */
final class Ledger {
  private final AtomicLong promised = new AtomicLong(); // held, and imports under way
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private volatile long limit;

  Ledger(long limit) {
    this.limit = limit;
  }

  long limit() {
    return limit;
  }

  void limit(long bytes) {
    limit = bytes;
  }

  long held() {
    return held.get();
  }

  long promised() {
    return promised.get();
  }

  long peak() {
    return peak.get();
  }

  /** {@return true, with the bytes promised, if the limit allows them} */
  boolean promise(long bytes) {
    long now = promised.get();
    while (bytes <= limit - now) {
      if (promised.compareAndSet(now, now + bytes)) {
        return true;
      }
      now = promised.get();
    }
    return false;
  }

  void cancel(long bytes) {
    promised.addAndGet(-bytes);
  }

  /** Turns a promise into memory held. */
  void imported(long bytes) {
    peak.accumulateAndGet(held.addAndGet(bytes), Math::max);
  }

  void released(long bytes) {
    held.addAndGet(-bytes);
    promised.addAndGet(-bytes);
  }
}
