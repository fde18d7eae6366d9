package heap.dl;

import allocator.api.RangeVisitor;

/**
 * The register of large chunks that have a span of their own: chunk address to span. The original
 * keeps none; here it finds them for walks and tells a block that was freed from one that is live.
 * Open addressing with linear probing in primitive arrays. Not safe for use by several threads.
 */
final class DirectChunks {
  private static final int LEAST_SLOTS = 16; // a power of two; grows by doubling
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio

  /** Sum of the spans' lengths in bytes. */
  long bytes;

  private long[] chunks = new long[LEAST_SLOTS];
  private long[] bases = new long[LEAST_SLOTS];
  private long[] sizes = new long[LEAST_SLOTS];
  private int count;

  int count() {
    return count;
  }

  void clear() {
    chunks = new long[LEAST_SLOTS];
    bases = new long[LEAST_SLOTS];
    sizes = new long[LEAST_SLOTS];
    count = 0;
    bytes = 0;
  }

  boolean contains(long chunk) {
    return chunks[slot(chunk)] == chunk;
  }

  long base(long chunk) {
    return bases[slot(chunk)];
  }

  long size(long chunk) {
    return sizes[slot(chunk)];
  }

  /** Makes sure that one more chunk can be added without memory of the host. */
  void reserve() {
    if (2 * (count + 1) > chunks.length) {
      grow();
    }
  }

  void add(long chunk, long base, long size) {
    reserve();
    int at = slot(chunk);
    chunks[at] = chunk;
    bases[at] = base;
    sizes[at] = size;
    count++;
    bytes += size;
  }

  void remove(long chunk) {
    int hole = slot(chunk);
    bytes -= sizes[hole];
    count--;
    int mask = chunks.length - 1;
    chunks[hole] = 0;
    for (int at = (hole + 1) & mask; chunks[at] != 0; at = (at + 1) & mask) {
      int home = home(chunks[at], mask);
      if (((at - home) & mask) >= ((at - hole) & mask)) { // the hole lies on its probe path
        move(at, hole);
        hole = at;
      }
    }
  }

  /** Shows the chunks: address, size of span, 0. */
  boolean chunks(RangeVisitor visitor) {
    return show(chunks, visitor);
  }

  /** Shows the spans: address, size, 0. */
  boolean spans(RangeVisitor visitor) {
    return show(bases, visitor);
  }

  private boolean show(long[] addresses, RangeVisitor visitor) {
    for (int i = 0; i < chunks.length; i++) {
      if (chunks[i] != 0 && !visitor.visit(addresses[i], sizes[i], 0)) {
        return false;
      }
    }
    return true;
  }

  private int slot(long chunk) {
    int mask = chunks.length - 1;
    int at = home(chunk, mask);
    while (chunks[at] != 0 && chunks[at] != chunk) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int home(long chunk, int mask) {
    return (int) ((chunk * SPREAD) >>> 32) & mask;
  }

  private void move(int from, int to) {
    chunks[to] = chunks[from];
    bases[to] = bases[from];
    sizes[to] = sizes[from];
    chunks[from] = 0;
  }

  private void grow() {
    long[] oldChunks = chunks;
    long[] oldBases = bases;
    long[] oldSizes = sizes;
    long[] newChunks = new long[2 * oldChunks.length]; // all before the first is in place
    long[] newBases = new long[newChunks.length];
    long[] newSizes = new long[newChunks.length];
    chunks = newChunks;
    bases = newBases;
    sizes = newSizes;
    for (int i = 0; i < oldChunks.length; i++) {
      if (oldChunks[i] != 0) {
        int at = slot(oldChunks[i]);
        chunks[at] = oldChunks[i];
        bases[at] = oldBases[i];
        sizes[at] = oldSizes[i];
      }
    }
  }
}
