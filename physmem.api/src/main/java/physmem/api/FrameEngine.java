package physmem.api;

import allocator.api.Allocator;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A page-frame allocator: what a provider implements and a slot calls.
 *
 * <p>Exhaustion is {@link #NONE}; a free of something that is not allocated is a {@link
 * allocator.api.MisuseException} with the state unchanged. Contents of frames are undefined. Hot
 * calls take the index of the CPU that makes them; calls with different indices may run at once.
 */
@ConsumerType
public interface FrameEngine extends Allocator {
  /** No frame: the answer when a request cannot be met. */
  long NONE = -1;

  /** {@return the largest order that {@link #allocate} serves} */
  int maxOrder();

  /**
   * Allocates a block of 2<sup>order</sup> frames, aligned to its size.
   *
   * @implSpec Disjoint from every live block, inside the frames that were free when opened, in the
   *     zone asked for or a lower one.
   * @param cpu index of the calling CPU
   * @param order 0 to {@link #maxOrder}
   * @param flags see {@link FrameFlags}
   * @return the first frame, or {@link #NONE}
   * @throws IllegalArgumentException if the order is out of range
   */
  long allocate(int cpu, int order, int flags);

  /**
   * Frees a block.
   *
   * @param cpu index of the calling CPU
   * @param frame the first frame of a live block
   * @param order the order it was allocated with
   * @throws allocator.api.MisuseException if no such block is live
   */
  void free(int cpu, long frame, int order);

  /**
   * Allocates many blocks of one order.
   *
   * @param cpu index of the calling CPU
   * @param order the order of each
   * @param flags see {@link FrameFlags}
   * @param into receives the first frames
   * @param from index of the first element to fill
   * @param count how many are wanted
   * @return how many were allocated, filled from {@code from} on
   */
  default int allocateBulk(int cpu, int order, int flags, long[] into, int from, int count) {
    for (int i = 0; i < count; i++) {
      long frame = allocate(cpu, order, flags);
      if (frame == NONE) {
        return i;
      }
      into[from + i] = frame;
    }
    return count;
  }

  /**
   * Frees many blocks of one order.
   *
   * @param cpu index of the calling CPU
   * @param order the order of each
   * @param frames their first frames
   * @param from index of the first element
   * @param count how many
   * @throws allocator.api.MisuseException if one of them is not live; it and those behind it in the
   *     array stay as they are, those before it may have been freed
   */
  default void freeBulk(int cpu, int order, long[] frames, int from, int count) {
    for (int i = from; i < from + count; i++) {
      free(cpu, frames[i], order);
    }
  }

  /**
   * Allocates exactly the frames named.
   *
   * @param cpu index of the calling CPU
   * @param frame the first frame
   * @param count how many, at least 1
   * @param flags see {@link FrameFlags}; the zone is given by the frame
   * @return true if they were all free and are allocated now; they are freed by {@link #freeRange}
   */
  boolean allocateAt(int cpu, long frame, long count, int flags);

  /**
   * Allocates a contiguous run of any length within constraints.
   *
   * @param cpu index of the calling CPU
   * @param count how many frames, at least 1
   * @param where limits, alignment and boundary
   * @param flags see {@link FrameFlags}
   * @return the first frame, or {@link #NONE}; freed by {@link #freeRange}
   */
  long allocateContiguous(int cpu, long count, FrameConstraints where, int flags);

  /**
   * Frees a run got from {@link #allocateAt} or {@link #allocateContiguous}, or any part of one.
   *
   * @param cpu index of the calling CPU
   * @param frame the first frame
   * @param count how many
   * @throws allocator.api.MisuseException if a frame of it is not allocated; nothing is freed then
   */
  void freeRange(int cpu, long frame, long count);

  /** {@return the number of free frames, those in per-CPU lists included} */
  long freeFrames();

  /** {@return the bytes of metadata that this engine has touched for its frames} */
  long metadataBytes();

  /** {@return one report per node and zone, in the order of nodes and rising addresses} */
  List<ZoneReport> zones();

  /**
   * Moves movable blocks together until a block of the order is free.
   *
   * @param order the order wanted
   * @param mover moves contents and translations
   * @return the number of blocks moved; 0 if this engine does not compact
   */
  default long compact(int order, FrameMover mover) {
    return 0;
  }

  /**
   * Adds frames while running.
   *
   * @param span the frames, not yet present
   * @return true if added; false if this engine cannot grow
   */
  default boolean online(FrameSpan span) {
    return false;
  }

  /**
   * Takes frames out of service while running, moving what can be moved.
   *
   * @param span the frames
   * @param mover moves contents and translations
   * @return true if none of them is in use any more; false if some could not be freed, with nothing
   *     changed
   */
  default boolean offline(FrameSpan span, FrameMover mover) {
    return false;
  }

  /**
   * Takes a frame that has a fault out of service for good: at once if it is free or its contents
   * can be moved, else when its owner frees it.
   *
   * @param frame the frame
   * @param mover moves contents and translations
   * @return true if it is out of service now; false if it is still in use, or if this engine cannot
   *     leave single frames out
   * @throws allocator.api.MisuseException if the frame is not in service
   */
  default boolean poison(long frame, FrameMover mover) {
    return false;
  }
}
