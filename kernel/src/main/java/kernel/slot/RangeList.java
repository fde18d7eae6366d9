package kernel.slot;

import allocator.api.RangeVisitor;
import java.util.ArrayList;
import java.util.List;

/** Ranges kept in primitive arrays, in the order in which they came. Written by one thread. */
public final class RangeList implements RangeVisitor {
  private static final int BLOCK = 1 << 13; // ranges per array: none is ever copied
  private static final int WORDS = 3; // base, size, attributes

  private final List<long[]> blocks = new ArrayList<>();
  private int used = BLOCK; // of the last block
  private long count;

  /** Begins empty. */
  public RangeList() {}

  @Override
  public boolean visit(long base, long size, long attributes) {
    if (used == BLOCK) {
      blocks.add(new long[BLOCK * WORDS]);
      used = 0;
    }
    long[] block = blocks.getLast();
    int at = used++ * WORDS;
    block[at] = base;
    block[at + 1] = size;
    block[at + 2] = attributes;
    count++;
    return true;
  }

  /** {@return how many ranges there are} */
  public long count() {
    return count;
  }

  /** Shows the ranges. */
  public void forEach(RangeVisitor visitor) {
    for (int i = 0; i < blocks.size(); i++) {
      int end = i == blocks.size() - 1 ? used : BLOCK;
      if (!show(blocks.get(i), end, visitor)) {
        return;
      }
    }
  }

  private static boolean show(long[] block, int count, RangeVisitor visitor) {
    for (int at = 0; at < count * WORDS; at += WORDS) {
      if (!visitor.visit(block[at], block[at + 1], block[at + 2])) {
        return false;
      }
    }
    return true;
  }
}
