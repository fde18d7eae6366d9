package ${package};

import allocator.api.CorruptionException;
import hardware.api.Window;

/**
 * The two words at the ends of each block, and the links of the free ones.
 *
 * <pre>
 *   address - 8   size of the block, all of it; bit 0 says that it is in use
 *   address       the client's bytes; in a free block the next and the previous free one
 *   behind them   the same word as the first
 * </pre>
 */
final class Tags {
  /** Bytes of a block that the client does not have. */
  static final long OVERHEAD = 2 * Long.BYTES;

  private static final long IN_USE = 1;

  private final Window memory;

  Tags(Window memory) {
    this.memory = memory;
  }

  /** Writes both words of a block. */
  void set(long address, long size, boolean inUse) {
    long word = size | (inUse ? IN_USE : 0);
    memory.putLong(address - Long.BYTES, word);
    memory.putLong(address + size - OVERHEAD, word);
  }

  /** Writes the words on either side of a span's blocks, so that nothing is joined across them. */
  void fence(Span span) {
    memory.putLong(span.base, IN_USE);
    memory.putLong(span.end() - Long.BYTES, IN_USE);
  }

  long size(long address) {
    return memory.getLong(address - Long.BYTES) & -FirstFitHeap.ALIGNMENT;
  }

  boolean inUse(long address) {
    return (memory.getLong(address - Long.BYTES) & IN_USE) != 0;
  }

  boolean isFreeBefore(long address) {
    return (memory.getLong(address - OVERHEAD) & IN_USE) == 0;
  }

  /** {@return the block that ends where this one begins; only if it is free} */
  long before(long address) {
    return address - memory.getLong(address - OVERHEAD);
  }

  long next(long free) {
    return memory.getLong(free);
  }

  void setNext(long free, long next) {
    memory.putLong(free, next);
  }

  long previous(long free) {
    return memory.getLong(free + Long.BYTES);
  }

  void setPrevious(long free, long previous) {
    memory.putLong(free + Long.BYTES, previous);
  }

  /**
   * Looks whether a block's two words agree and stay within its span.
   *
   * @throws CorruptionException if not: somebody has written beyond a block
   */
  void check(Span span, long address, boolean inUse) {
    long head = memory.getLong(address - Long.BYTES);
    long size = head & -FirstFitHeap.ALIGNMENT;
    boolean sane = size >= FirstFitHeap.SMALLEST && size <= span.end() - address;
    long tail = sane ? memory.getLong(address + size - OVERHEAD) : 0;
    if (!sane || head != tail || head != (size | (inUse ? IN_USE : 0))) {
      throw new CorruptionException(
          "block 0x%x, %s: its words are 0x%x in front and 0x%x behind"
              .formatted(address, inUse ? "live" : "free", head, tail));
    }
  }
}
