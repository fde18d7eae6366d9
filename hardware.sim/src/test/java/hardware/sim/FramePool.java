package hardware.sim;

import hardware.api.FrameSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Frames for tables, which knows those that are out. */
final class FramePool implements FrameSource {
  private final Deque<Long> free = new ArrayDeque<>();
  private final Set<Long> out = new HashSet<>();

  FramePool(long first, int count) {
    for (int i = 0; i < count; i++) {
      free.add(first + i);
    }
  }

  @Override
  public long take() {
    if (free.isEmpty()) {
      return NONE;
    }
    long frame = free.pop();
    out.add(frame);
    return frame;
  }

  @Override
  public void give(long frame) {
    if (!out.remove(frame)) {
      throw new AssertionError("frame " + frame + " came back but was not out");
    }
    free.push(frame);
  }

  int out() {
    return out.size();
  }

  /** Leaves so many frames, and no more. */
  void leave(int frames) {
    while (free.size() > frames) {
      free.removeLast();
    }
  }
}
