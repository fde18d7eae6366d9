package kernel.lodge;

/**
 * Blocks by address, with their sizes, or marked as gone: an open-addressing table that only grows.
 *
 * <p>Guarded by its monitor, which whoever calls it holds over what belongs together.
 */
final class LodgerTable {
  /** The answer for an address that is not in the table. */
  static final long ABSENT = -2;

  /** The size of a block that has been freed. */
  static final long GONE = -1;

  private static final long EMPTY = 0; // no block has address 0
  private static final long GOLDEN = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio: spreads low bits
  private static final int START = 64;

  private long[] addresses = new long[START];
  private long[] sizes = new long[START];
  private int used;

  private int slot(long address) {
    int mask = addresses.length - 1;
    int at = (int) ((address * GOLDEN) >>> 32) & mask;
    while (addresses[at] != EMPTY && addresses[at] != address) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** {@return the size of a block, {@link #GONE} or {@link #ABSENT}} */
  long get(long address) {
    int at = slot(address);
    return addresses[at] == EMPTY ? ABSENT : sizes[at];
  }

  /** Sets the size of a block, or that it is gone. */
  void put(long address, long size) {
    int at = slot(address);
    if (addresses[at] == EMPTY) {
      addresses[at] = address;
      used++;
    }
    sizes[at] = size;
    if (used > addresses.length / 2) {
      grow();
    }
  }

  private void grow() {
    long[] oldAddresses = addresses;
    long[] oldSizes = sizes;
    addresses = new long[2 * oldAddresses.length];
    sizes = new long[2 * oldSizes.length];
    for (int i = 0; i < oldAddresses.length; i++) {
      if (oldAddresses[i] != EMPTY) {
        int at = slot(oldAddresses[i]);
        addresses[at] = oldAddresses[i];
        sizes[at] = oldSizes[i];
      }
    }
  }

  /** Receives a block. */
  @FunctionalInterface
  interface Visitor {
    /** Takes a block that is not gone. */
    boolean visit(long address, long size);
  }

  /** {@return whether the visitor wanted every block that is not gone} */
  boolean forEach(Visitor visitor) {
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i] != EMPTY && sizes[i] != GONE && !visitor.visit(addresses[i], sizes[i])) {
        return false;
      }
    }
    return true;
  }
}
