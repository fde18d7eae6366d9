package workbench.load;

/**
 * The bounds of made-up work, divided among those who keep blocks: each thread, and the exchange.
 * All together never exceed what the load may keep live, without anybody asking the others.
 *
 * @param bytes the most requested bytes that a thread keeps live
 * @param blocks the most blocks that a thread keeps live, at least 1
 * @param largest size of the largest block, at most {@code bytes}
 * @param slots slots of the exchange
 * @param largestInSlot size of the largest block that is exchanged
 */
record Bounds(long bytes, int blocks, long largest, int slots, long largestInSlot) {
  /**
   * Live bytes if nothing is said: more than any processor's cache, less than any machine's RAM.
   */
  static final long MOST_BY_DEFAULT = 64L << 20;

  /** Share of RAM if nothing is said: fragmentation and overhead have seven times as much. */
  private static final long RAM_SHARE = 8;

  /** Mean size of the made-up blocks is near 128 bytes, so both bounds are reached together. */
  private static final long BYTES_PER_BLOCK = 128;

  private static final long MOST_LARGEST_BY_DEFAULT = 1L << 20;
  private static final int LARGEST_SHARE = 4;

  /** An eighth of the live bytes lies in the exchange. */
  private static final long EXCHANGE_SHARE = 8;

  /** Enough that two threads rarely meet at one. */
  private static final int SLOTS_PER_THREAD = 16;

  /** Divides the bounds of {@code work} among {@code threads}, on a machine with so much RAM. */
  static Bounds of(LoadWork.Synthetic work, int threads, long ramBytes) {
    long live = work.liveBytes().orElse(Math.min(ramBytes / RAM_SHARE, MOST_BY_DEFAULT));
    long blocks = work.blocks().orElse(Math.max(threads, live / BYTES_PER_BLOCK));
    if (blocks < threads) {
      throw new IllegalArgumentException(
          "blocks " + blocks + " is less than one for each of " + threads + " threads");
    }
    int slots = blocks / SLOTS_PER_THREAD / 2 < threads ? 0 : SLOTS_PER_THREAD * threads;
    long inExchange = slots == 0 ? 0 : live / EXCHANGE_SHARE;
    long bytes = (live - inExchange) / threads;
    long largest =
        work.largestBytes()
            .orElse(Math.max(1, Math.min(bytes / LARGEST_SHARE, MOST_LARGEST_BY_DEFAULT)));
    if (largest > bytes) {
      throw new IllegalArgumentException(
          "largest block %d is more than the %d live bytes of each of %d threads; make it smaller,"
                  .formatted(largest, bytes, threads)
              + " or allow more live bytes");
    }
    return new Bounds(
        bytes,
        (int) ((blocks - slots) / threads),
        largest,
        slots,
        slots == 0 ? 0 : inExchange / slots);
  }
}
