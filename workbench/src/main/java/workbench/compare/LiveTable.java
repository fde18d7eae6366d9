package workbench.compare;

import java.util.Arrays;

/**
 * The blocks that are live, by slot: where they are, what was asked for, what they occupy, and on
 * which CPU they were born; with sums and peaks. Not safe for use by several threads at once.
 */
final class LiveTable {
  private long[] addresses = new long[0];
  private long[] sizes = new long[0];
  private long[] usables = new long[0];
  private int[] cpus = new int[0];
  private long blocks;
  private long bytes;
  private long usable;
  private long peakBlocks;
  private long peakBytes;

  /** Makes room for slots below this bound. */
  void reserve(int slots) {
    if (slots > addresses.length) {
      int length = slots + (slots >> 1);
      addresses = Arrays.copyOf(addresses, length);
      sizes = Arrays.copyOf(sizes, length);
      usables = Arrays.copyOf(usables, length);
      cpus = Arrays.copyOf(cpus, length);
    }
  }

  void birth(int slot, long address, long size, long usableSize, int cpu) {
    addresses[slot] = address;
    sizes[slot] = size;
    usables[slot] = usableSize;
    cpus[slot] = cpu;
    bytes += size;
    usable += usableSize;
    blocks++;
    peakBytes = Math.max(peakBytes, bytes);
    peakBlocks = Math.max(peakBlocks, blocks);
  }

  /** Ends the life of the slot's block; nothing happens if it has none. */
  void death(int slot) {
    if (addresses[slot] != 0) {
      addresses[slot] = 0;
      bytes -= sizes[slot];
      usable -= usables[slot];
      blocks--;
    }
  }

  /** Returns the address of the slot's block, or 0 if it has none. */
  long address(int slot) {
    return addresses[slot];
  }

  long size(int slot) {
    return sizes[slot];
  }

  int cpu(int slot) {
    return cpus[slot];
  }

  int slots() {
    return addresses.length;
  }

  long blocks() {
    return blocks;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Returns the bytes that the live blocks occupy as far as the heap lets their owners use them.
   */
  long usable() {
    return usable;
  }

  long peakBlocks() {
    return peakBlocks;
  }

  long peakBytes() {
    return peakBytes;
  }
}
