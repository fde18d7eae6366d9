package workbench.age;

import physmem.api.FrameAllocator;
import physmem.api.FrameMover;

/**
 * When to compact: after a request for a huge block has failed, but ever more rarely while it does
 * not help, as Linux defers it: after the n-th vain run in a row the next 2<sup>n</sup> - 1
 * failures pass without one, n being 6 at most.
 */
final class Compactor {
  private static final int MOST_SHIFT = 6;

  private final FrameAllocator frames;
  private final FrameMover mover;
  private final boolean on;
  private int shift;
  private int passed;
  private long moved;

  Compactor(FrameAllocator frames, FrameMover mover, boolean on) {
    this.frames = frames;
    this.mover = mover;
    this.on = on;
  }

  /** {@return blocks moved so far} */
  long moved() {
    return moved;
  }

  /** {@return whether to ask again, for a request that has failed} */
  boolean tryFor(int order) {
    if (!on) {
      return false;
    }
    passed++;
    if (passed < 1 << shift) {
      return false;
    }
    passed = 0;
    moved += frames.compact(order, mover);
    return true;
  }

  /** Says what came of asking again. */
  void helped(boolean done) {
    shift = done ? 0 : Math.min(MOST_SHIFT, shift + 1);
  }
}
