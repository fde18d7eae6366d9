package trace;

import java.util.Arrays;

/**
 * Requested bytes and number of the blocks that are live, now and at their peaks, kept block by
 * block. A resize counts as a death and then a birth, so old and new size never count together.
 *
 * <p>Sums beyond 2^63 - 1 bytes show as that value.
 */
final class LiveAccount {
  private static final long DEAD = -1;

  private long[] sizeOfSlot = new long[0];
  private long bytes;
  private long blocks;
  private long peakBytes;
  private long peakBlocks;

  void reserve(int slots) {
    if (slots > sizeOfSlot.length) {
      int old = sizeOfSlot.length;
      sizeOfSlot = Arrays.copyOf(sizeOfSlot, slots + (slots >> 1));
      Arrays.fill(sizeOfSlot, old, sizeOfSlot.length, DEAD);
    }
  }

  void birth(int slot, long size) {
    sizeOfSlot[slot] = size;
    blocks++;
    bytes += size;
    peakBlocks = Math.max(peakBlocks, blocks);
    peakBytes = Math.max(peakBytes, bytes());
  }

  /** Ends the life of the slot's block, if it has one. */
  void death(int slot) {
    long size = sizeOfSlot[slot];
    if (size != DEAD) {
      sizeOfSlot[slot] = DEAD;
      blocks--;
      bytes -= size;
    }
  }

  /** Two's complement keeps the true sum through an overflow, which shows as a negative value. */
  long bytes() {
    return bytes < 0 ? Long.MAX_VALUE : bytes;
  }

  long blocks() {
    return blocks;
  }

  long peakBytes() {
    return peakBytes;
  }

  long peakBlocks() {
    return peakBlocks;
  }

  /** Returns the requested bytes of the slot's block, or -1 if it has none. */
  long size(int slot) {
    return sizeOfSlot[slot];
  }

  int slots() {
    return sizeOfSlot.length;
  }
}
