package hardware.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Where page tables take their frames from and give them back to; the kernel's physmem tier. */
@ConsumerType
public interface FrameSource {
  /** The answer of {@link #take} when there is no frame. */
  long NONE = -1;

  /** {@return the number of one frame, contents undefined, or {@link #NONE} if none is free} */
  long take();

  /**
   * Takes a frame back.
   *
   * @param frame a frame that {@link #take} gave
   */
  void give(long frame);
}
