package heap.tlsf;

import allocator.api.CorruptionException;
import hardware.api.Window;

/**
 * The boundary tags: the word in front of each block, and the word at the end of a free one.
 *
 * <p>A tag is a size, a multiple of 16 below 2^40, with four flags in its low bits and 24 bits of
 * check above. The check is computed from the address, the rest of the tag and a secret of the
 * heap, so a word that is no tag of this heap at this place passes for one once in 16 million. That
 * is what tells a live block from any other address; TLSF itself believes what it finds.
 */
final class Tags {
  /** Bytes in front of a block that belong to its tag. */
  static final long OVERHEAD = 8;

  /** What every block's address is a multiple of; tags lie 8 bytes below. */
  static final long ALIGN = 16;

  /** Bytes of the smallest block: tag, two links and the foot. */
  static final long LEAST = 32;

  static final int SIZE_BITS = 40;

  /** The block is free. */
  static final long FREE = 1;

  /** The block in front of it is free, and the word in front of the tag is that one's foot. */
  static final long PREVIOUS_FREE = 2;

  /** The block is the first of its pool. */
  static final long FIRST = 4;

  /** No block, but the end of a pool. */
  static final long LAST = 8;

  private static final long NEXT = 8;
  private static final long PREVIOUS = 16;
  private static final long REST = (1L << SIZE_BITS) - 1;
  private static final long MIX_PLACE = 0x9E3779B97F4A7C15L; // odd, bits spread evenly
  private static final long MIX_REST = 0xD1B54A32D192ED03L; // another

  final Window window;
  private final long secret;

  Tags(Window window, long secret) {
    this.window = window;
    this.secret = secret;
  }

  static long size(long tag) {
    return tag & -ALIGN;
  }

  private long sealed(long at, long rest) {
    long check = ((at ^ secret) + rest * MIX_REST) * MIX_PLACE;
    return (check & ~REST) | rest;
  }

  /** Writes a tag. */
  void write(long at, long rest) {
    window.putLong(at, sealed(at, rest));
  }

  /** {@return the size and flags of a tag, or -1 if what lies there is none} */
  long peek(long at) {
    long word = window.getLong(at);
    long rest = word & REST;
    return sealed(at, rest) == word ? rest : -1;
  }

  /**
   * {@return the size and flags of a tag}
   *
   * @throws CorruptionException if it is damaged
   */
  long read(long at) {
    long tag = peek(at);
    if (tag < 0) {
      throw damaged(at);
    }
    return tag;
  }

  /** {@return the exception for a place where a tag should be} */
  CorruptionException damaged(long at) {
    return new CorruptionException(
        "the tag of the block at 0x%x is damaged: it is 0x%x, which is no tag of this heap"
            .formatted(at + OVERHEAD, window.getLong(at)));
  }

  /** {@return the next free block of the list, or 0} */
  long next(long at) {
    return window.getLong(at + NEXT);
  }

  void next(long at, long to) {
    window.putLong(at + NEXT, to);
  }

  /** {@return the free block in front of this one in the list, or 0} */
  long previous(long at) {
    return window.getLong(at + PREVIOUS);
  }

  void previous(long at, long to) {
    window.putLong(at + PREVIOUS, to);
  }

  /** Writes the foot of a free block: where its tag is. */
  void foot(long at, long size) {
    window.putLong(at + size - 8, at);
  }

  /** {@return where the tag of the free block is that ends in front of this tag} */
  long below(long at) {
    return window.getLong(at - 8);
  }
}
