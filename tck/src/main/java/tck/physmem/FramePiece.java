package tck.physmem;

import physmem.api.FrameFlags;

/**
 * What is live under a name: a block, or what is left of a run.
 *
 * @param frame the first frame
 * @param count how many
 * @param order of a block; {@link FrameFlags#RUN} for a run
 * @param flags with which a block was asked for
 */
record FramePiece(long frame, long count, int order, int flags) {
  static FramePiece block(long frame, int order, int flags) {
    return new FramePiece(frame, 1L << order, order, flags);
  }

  static FramePiece run(long frame, long count) {
    return new FramePiece(frame, count, FrameFlags.RUN, 0);
  }

  boolean isRun() {
    return order == FrameFlags.RUN;
  }

  long end() {
    return frame + count;
  }

  @Override
  public String toString() {
    return (isRun() ? "run" : "block of order " + order)
        + " of %d frames at 0x%x".formatted(count, frame);
  }
}
