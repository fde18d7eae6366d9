package kernel.boot;

import hardware.api.FrameSource;
import java.util.ArrayDeque;
import java.util.Deque;
import kernel.backing.FrameMeter;
import org.jspecify.annotations.Nullable;

/**
 * Where the kernel's page tables take frames from: from the early allocator until the hand-over,
 * from the physmem tier afterwards.
 *
 * <p>A frame of the early allocator that becomes free after the hand-over is kept for the next
 * table, since physmem never owned it. Safe for use by several threads.
 */
final class TableFrames implements FrameSource {
  private final EarlyFrames early;
  private final Deque<Long> returned = new ArrayDeque<>();
  private @Nullable FrameMeter meter;

  TableFrames(EarlyFrames early) {
    this.early = early;
  }

  /** Takes frames from physmem from now on. */
  synchronized void handOver(FrameMeter to) {
    meter = to;
  }

  /** {@return frames that were a boot-time table's and wait to be one again} */
  synchronized long idle() {
    return returned.size();
  }

  @Override
  public synchronized long take() {
    if (!returned.isEmpty()) {
      return returned.pop();
    }
    FrameMeter after = meter;
    if (after != null) {
      return after.takeTable();
    }
    return early.take();
  }

  @Override
  public synchronized void give(long frame) {
    FrameMeter after = meter;
    if (after == null || early.isReserved(frame)) {
      returned.push(frame);
    } else {
      after.giveTable(frame);
    }
  }
}
