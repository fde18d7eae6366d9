package workbench.synthetic;

import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FramePort;

/** A thread's calls to the physmem tier: movable blocks of frames. */
public final class FrameClient extends Client {
  private final FramePort port;

  FrameClient(FramePort port) {
    this.port = port;
  }

  /** {@return the first frame of a new block, or {@link FrameEngine#NONE}} */
  long allocate(int order) {
    long frame = port.allocate(order, FrameFlags.MOVABLE);
    asked(order, frame != FrameEngine.NONE);
    return frame;
  }

  /** Frees a block; nothing to do for {@link FrameEngine#NONE}. */
  void free(long frame, int order) {
    if (frame != FrameEngine.NONE) {
      port.free(frame, order);
      freed();
    }
  }

  @Override
  public void close() {
    port.close();
  }
}
