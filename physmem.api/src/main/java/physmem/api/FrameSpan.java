package physmem.api;

/**
 * A run of frames.
 *
 * @param start the first frame
 * @param frames how many
 * @param node the NUMA node they are on, 0 where the machine has one
 */
public record FrameSpan(long start, long frames, int node) {
  /** {@return the frame behind the last one} */
  public long end() {
    return start + frames;
  }
}
