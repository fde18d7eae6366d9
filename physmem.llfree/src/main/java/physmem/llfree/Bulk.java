package physmem.llfree;

import static physmem.llfree.Layout.NONE;
import static physmem.llfree.Layout.WORD_FRAMES;
import static physmem.llfree.Layout.WORD_ORDER;

import allocator.api.MisuseException;

/**
 * Allocates and frees many blocks of one order. To free, an array in rising order is checked as a
 * whole first, since it names no block twice; then neighbours in a word go home by one
 * compare-and-set. The blocks of another are made pending one by one, which finds what is named
 * twice, and freed when all are. Allocates nothing on the Java heap and leaves the array as it is.
 * Safe for use by several threads.
 */
final class Bulk {
  private final RamMap map;
  private final Upper upper;
  private final Words words;
  private final Children children;
  private final Frees frees;

  Bulk(Machine machine) {
    this.map = machine.map();
    this.upper = machine.upper();
    this.words = machine.words();
    this.children = machine.children();
    this.frees = machine.frees();
  }

  /**
   * Allocates blocks of an order up to 5 from a zone, from the CPU's trees, until it has no more.
   *
   * @return how many
   */
  int take(int zone, int cpu, int order, long[] into, int from, int count) {
    int got = 0;
    while (got < count) {
      int many = upper.takeMany(zone, cpu, order, into, from + got, count - got);
      got += many;
      if (many == 0) {
        long slot = upper.take(zone, cpu, order, true); // reserves the next tree
        if (slot == NONE) {
          return got;
        }
        into[from + got++] = map.frameOf(slot);
      }
    }
    return got;
  }

  /**
   * Frees blocks.
   *
   * @throws MisuseException if one of them is not live; nothing is freed then
   */
  void free(int cpu, int order, long[] frames, int from, int count) {
    int end = from + count;
    if (!isRising(frames, from, count)) {
      suspend(order, frames, from, end);
      for (int at = from; at < end; at++) {
        frees.freePending(cpu, frames[at], order);
      }
      return;
    }
    check(order, frames, from, count);
    for (int at = from; at < end; ) {
      at =
          order > WORD_ORDER
              ? freeOne(cpu, order, frames, at)
              : freeWord(cpu, order, frames, at, end);
    }
  }

  /** Makes blocks pending; all or none. */
  private void suspend(int order, long[] frames, int from, int end) {
    for (int at = from; at < end; at++) {
      if (!frees.suspend(frames[at], order)) {
        for (int back = from; back < at; back++) {
          frees.settle(frames[back]);
        }
        throw refusal(order, frames, from, at, end);
      }
    }
  }

  private static MisuseException refusal(int order, long[] frames, int from, int at, int end) {
    boolean twice = false;
    for (int i = from; i < at; i++) {
      twice |= frames[i] == frames[at];
    }
    return new MisuseException(
        "bulk free of %d blocks: frame 0x%x, order %d, is %s"
            .formatted(end - from, frames[at], order, twice ? "named twice" : "no live block"));
  }

  private static boolean isRising(long[] frames, int from, int count) {
    for (int i = from + 1; i < from + count; i++) {
      if (frames[i - 1] >= frames[i]) {
        return false;
      }
    }
    return true;
  }

  private void check(int order, long[] frames, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (!frees.isLive(frames[i], order)) {
        throw refusal(order, frames, from, i, from + count);
      }
    }
  }

  private int freeOne(int cpu, int order, long[] frames, int at) {
    frees.free(cpu, frames[at], order);
    return at + 1;
  }

  /** Frees the blocks from an element on that share its word; {@return the next element} */
  private int freeWord(int cpu, int order, long[] frames, int at, int end) {
    int stretch = map.stretchOf(frames[at]);
    long slot = frames[at] + map.shiftOf(stretch);
    int mask = 0;
    int next = at;
    while (next < end && (frames[next] ^ frames[at]) < WORD_FRAMES) {
      mask |= Words.mask((int) frames[next] & (WORD_FRAMES - 1), 1 << order);
      next++;
    }
    if (frames[next - 1] >= map.endOf(stretch) || !words.giveMask(slot / WORD_FRAMES, mask, 0)) {
      return freeOne(cpu, order, frames, at);
    }
    int count = (next - at) << order;
    children.give(Pieces.childOf(slot), count);
    upper.give(map.zoneOf(stretch), cpu, slot, count);
    upper.countFrees(map.zoneOf(stretch), cpu, next - at);
    return next;
  }
}
