package physmem.llfree;

import static physmem.llfree.Layout.WORD_FRAMES;
import static physmem.llfree.Layout.WORD_ORDER;

import allocator.api.MisuseException;

/**
 * Frees many blocks of one order. An array in rising order is checked as a whole first, since it
 * names no block twice; then neighbours in a word go home by one compare-and-set. Another is freed
 * in rising order from a copy. Safe for use by several threads.
 */
final class BulkFree {
  private final RamMap map;
  private final Upper upper;
  private final Words words;
  private final Children children;
  private final Frees frees;

  BulkFree(Machine machine) {
    this.map = machine.map();
    this.upper = machine.upper();
    this.words = machine.words();
    this.children = machine.children();
    this.frees = machine.frees();
  }

  /**
   * Frees blocks.
   *
   * @throws MisuseException if one of them is not live; nothing is freed then
   */
  void free(int cpu, int order, long[] frames, int from, int count) {
    long[] sorted = frames;
    int begin = from;
    if (!isRising(frames, from, count)) {
      sorted = java.util.Arrays.copyOfRange(frames, from, from + count);
      java.util.Arrays.sort(sorted);
      begin = 0;
    }
    check(order, sorted, begin, count);
    for (int at = begin; at < begin + count; ) {
      at =
          order > WORD_ORDER
              ? freeOne(cpu, order, sorted, at)
              : freeWord(cpu, order, sorted, at, begin + count);
    }
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
      boolean twice = i > from && frames[i] == frames[i - 1];
      if (twice || !frees.isLive(frames[i], order)) {
        throw new MisuseException(
            "bulk free of %d blocks: frame 0x%x, order %d, is %s"
                .formatted(count, frames[i], order, twice ? "named twice" : "no live block"));
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
    if (frames[next - 1] >= map.endOf(stretch) || !words.giveMask(slot / WORD_FRAMES, mask)) {
      return freeOne(cpu, order, frames, at);
    }
    int count = (next - at) << order;
    children.give(Pieces.childOf(slot), count);
    upper.give(map.zoneOf(stretch), cpu, slot, count);
    upper.countFrees(map.zoneOf(stretch), cpu, next - at);
    return next;
  }
}
