package ${package};

import java.util.BitSet;

/**
 * Memory that the heap has imported, and which of its addresses are live blocks.
 *
 * <p>Tags in memory can be overwritten by a client that writes beyond its block, and an address
 * from nowhere can happen to look like a block. The bits here cannot: they decide what is misuse.
 */
final class Span {
  /** The largest span: a bit set has int indices, and a bit stands for 16 bytes. */
  static final long MOST = (1L << 35) - (1L << 20);

  final long base;
  final long bytes;
  private final BitSet live = new BitSet();

  Span(long base, long bytes) {
    this.base = base;
    this.bytes = bytes;
  }

  /** {@return the first block's address} */
  long first() {
    return base + FirstFitHeap.ALIGNMENT;
  }

  /** {@return where the address of a block behind the last one would be} */
  long end() {
    return base + bytes;
  }

  /** {@return whether a live block begins at this address} */
  boolean isLive(long address) {
    long offset = address - base;
    return offset % FirstFitHeap.ALIGNMENT == 0
        && offset >= 0
        && offset < bytes
        && live.get(index(address));
  }

  void setLive(long address, boolean now) {
    live.set(index(address), now);
  }

  /** {@return the lowest live block at or above an address, or 0 if there is none} */
  long nextLive(long address) {
    int next = live.nextSetBit(index(address));
    return next < 0 ? 0 : base + (long) next * FirstFitHeap.ALIGNMENT;
  }

  int liveBlocks() {
    return live.cardinality();
  }

  private int index(long address) {
    return (int) ((address - base) / FirstFitHeap.ALIGNMENT);
  }
}
