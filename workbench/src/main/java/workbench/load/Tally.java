package workbench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counts of one thread. That thread alone adds; anybody may read, and sees each count as it was
 * a moment ago.
 *
 * <p>Births and deaths are counted where they happen, so the live blocks of one thread may be
 * negative: it freed those of others. The sum over all threads is right once they are at rest.
 */
final class Tally {
  private static final int OPERATIONS = 8; // a cache line of 64 bytes that is nobody else's, before
  private static final int FAILURES = OPERATIONS + 1;
  private static final int CORRUPTIONS = OPERATIONS + 2;
  private static final int LIVE_BLOCKS = OPERATIONS + 3;
  private static final int LIVE_BYTES = OPERATIONS + 4;
  private static final int LENGTH = 24; // and after

  private final AtomicLongArray counts = new AtomicLongArray(LENGTH);

  void operation() {
    add(OPERATIONS, 1);
  }

  void failure() {
    add(FAILURES, 1);
  }

  void corruption() {
    add(CORRUPTIONS, 1);
  }

  void born(long bytes) {
    add(LIVE_BLOCKS, 1);
    add(LIVE_BYTES, bytes);
  }

  void died(long bytes) {
    add(LIVE_BLOCKS, -1);
    add(LIVE_BYTES, -bytes);
  }

  long operations() {
    return counts.getOpaque(OPERATIONS);
  }

  long failures() {
    return counts.getOpaque(FAILURES);
  }

  long corruptions() {
    return counts.getOpaque(CORRUPTIONS);
  }

  long liveBlocks() {
    return counts.getOpaque(LIVE_BLOCKS);
  }

  long liveBytes() {
    return counts.getOpaque(LIVE_BYTES);
  }

  /** No read-modify-write is needed where only one thread writes; opaque: whole, and soon seen. */
  private void add(int index, long amount) {
    counts.setOpaque(index, counts.getPlain(index) + amount);
  }
}
