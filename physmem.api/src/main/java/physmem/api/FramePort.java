package physmem.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A client's own entrance to the physmem slot. Not safe for use by several threads at once.
 *
 * <p>The calls are those of {@link FrameEngine} with the port's CPU index.
 */
@ProviderType
public interface FramePort extends AutoCloseable {
  /** {@return the CPU index that this port's calls carry} */
  int cpu();

  /**
   * Allocates a block; see {@link FrameEngine#allocate}.
   *
   * @param order the order
   * @param flags see {@link FrameFlags}
   * @return the first frame, or {@link FrameEngine#NONE}
   */
  long allocate(int order, int flags);

  /**
   * Frees a block; see {@link FrameEngine#free}.
   *
   * @param frame the first frame
   * @param order the order it was allocated with
   */
  void free(long frame, int order);

  /**
   * Allocates many blocks; see {@link FrameEngine#allocateBulk}.
   *
   * @param order the order of each
   * @param flags see {@link FrameFlags}
   * @param into receives the first frames
   * @param from index of the first element to fill
   * @param count how many are wanted
   * @return how many were allocated
   */
  int allocateBulk(int order, int flags, long[] into, int from, int count);

  /**
   * Frees many blocks; see {@link FrameEngine#freeBulk}.
   *
   * @param order the order of each
   * @param frames their first frames
   * @param from index of the first element
   * @param count how many
   */
  void freeBulk(int order, long[] frames, int from, int count);

  /**
   * Allocates exactly the frames named; see {@link FrameEngine#allocateAt}.
   *
   * @param frame the first frame
   * @param count how many
   * @param flags see {@link FrameFlags}
   * @return true if allocated
   */
  boolean allocateAt(long frame, long count, int flags);

  /**
   * Allocates a contiguous run; see {@link FrameEngine#allocateContiguous}.
   *
   * @param count how many frames
   * @param where limits, alignment and boundary
   * @param flags see {@link FrameFlags}
   * @return the first frame, or {@link FrameEngine#NONE}
   */
  long allocateContiguous(long count, FrameConstraints where, int flags);

  /**
   * Frees a run; see {@link FrameEngine#freeRange}.
   *
   * @param frame the first frame
   * @param count how many
   */
  void freeRange(long frame, long count);

  /** Closes the port; what was allocated through it stays allocated. */
  @Override
  void close();
}
