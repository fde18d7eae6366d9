package physmem.buddy;

/**
 * A list of frames that is used from both ends: hot frames at the top, cold ones at the bottom.
 *
 * <p>It grows by doubling and does not shrink, so that in a steady state nothing is allocated. Not
 * safe for use by several threads.
 */
final class FrameRing {
  private static final int FIRST_CAPACITY = 64; // a batch of 63 fits without growing

  private long[] frames = new long[0];
  private int top; // one behind the hottest, as a running number that wraps
  private int bottom; // the coldest

  int size() {
    return top - bottom;
  }

  void pushTop(long frame) {
    reserve();
    frames[top++ & (frames.length - 1)] = frame;
  }

  void pushBottom(long frame) {
    reserve();
    frames[--bottom & (frames.length - 1)] = frame;
  }

  /** {@return and removes the hottest; the ring must not be empty} */
  long popTop() {
    return frames[--top & (frames.length - 1)];
  }

  /** {@return and removes the coldest; the ring must not be empty} */
  long popBottom() {
    return frames[bottom++ & (frames.length - 1)];
  }

  /** {@return an element by its distance from the coldest} */
  long at(int index) {
    return frames[(bottom + index) & (frames.length - 1)];
  }

  long bytes() {
    return (long) Long.BYTES * frames.length;
  }

  private void reserve() {
    if (size() == frames.length) {
      grow();
    }
  }

  private void grow() {
    long[] larger = new long[Math.max(FIRST_CAPACITY, 2 * frames.length)];
    int size = size();
    for (int i = 0; i < size; i++) {
      larger[i] = at(i);
    }
    frames = larger;
    bottom = 0;
    top = size;
  }
}
