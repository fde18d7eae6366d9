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
 *
 * @implSpec [physmem.23] {@link #walk} shows each live block whole, with its order in the
 *     attributes. What was got as a run may be shown in pieces, as {@link FrameFlags#RUN} or as
 *     blocks of any order. [physmem.24] After {@link #rebuild} exactly those frames are in service
 *     that the estate shows as managed: what the predecessor had taken out is not handed out, or
 *     the transfer is refused. {@link InheritedRam} finds out.
 */
@ConsumerType
public interface FrameEngine extends Allocator {
  /** No frame: the answer when a request cannot be met. */
  long NONE = -1;

  /**
   * {@return the largest order that {@link #allocate} serves}
   *
   * @implSpec [physmem.2] At least 0, at most 30, and always the same.
   */
  int maxOrder();

  /**
   * Allocates a block of 2<sup>order</sup> frames, aligned to its size.
   *
   * @implSpec [physmem.3] Disjoint from every live block. [physmem.4] Inside the frames that were
   *     free when the engine was opened or were added later. [physmem.5] Aligned to its size.
   *     [physmem.6] Below 4 GiB if {@link FrameFlags#DMA32} is asked for, below 16 MiB if {@link
   *     FrameFlags#DMA} is. [physmem.7] An order outside 0 to {@link #maxOrder} is an
   *     IllegalArgumentException. [physmem.8] When the request cannot be met the answer is {@link
   *     #NONE} with nothing changed; once everything is freed and drained, what could be allocated
   *     when the engine was opened can be allocated again. Where an aligned block is free within
   *     one zone that the request may use, it is met, at the latest after a drain, unless it has
   *     {@link FrameFlags#NO_RETRY} or a setting keeps memory back.
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
   * @implSpec [physmem.9] A block that is not live, a frame inside one, another order than it was
   *     allocated with, or a frame of no RAM is a MisuseException or an IllegalArgumentException
   *     with nothing changed.
   * @param cpu index of the calling CPU
   * @param frame the first frame of a live block
   * @param order the order it was allocated with
   * @throws allocator.api.MisuseException if no such block is live
   */
  void free(int cpu, long frame, int order);

  /**
   * Allocates many blocks of one order.
   *
   * @implSpec [physmem.10] As {@link #allocate} for each; what is returned is what was filled, and
   *     elements behind it stay as they are.
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
   * @implSpec [physmem.11] As {@link #free} for each.
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
   * @implSpec [physmem.12] True exactly if all of the frames were free; false has changed nothing.
   *     Frames in per-CPU lists are free.
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
   * @implSpec [physmem.13] The run keeps every constraint. [physmem.14] {@link #NONE} has changed
   *     nothing, and is no answer, at the latest after a drain, where a run within one zone that
   *     may be used keeps them and is free, unless a setting keeps memory back.
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
   * @implSpec [physmem.15] Any part of a run can be freed by itself; a frame of it that is not
   *     allocated is a MisuseException, and nothing is freed then.
   * @param cpu index of the calling CPU
   * @param frame the first frame
   * @param count how many
   * @throws allocator.api.MisuseException if a frame of it is not allocated; nothing is freed then
   */
  void freeRange(int cpu, long frame, long count);

  /**
   * {@return the number of free frames, those in per-CPU lists included}
   *
   * @implSpec [physmem.16] Exactly the frames in service that are not live.
   */
  long freeFrames();

  /**
   * {@return the bytes of metadata that this engine has touched for its frames}
   *
   * @implSpec [physmem.17] At least 0.
   */
  long metadataBytes();

  /**
   * {@return one report per node and zone, in the order of nodes and rising addresses}
   *
   * @implSpec [physmem.18] The free frames of all reports add up to {@link #freeFrames}, those with
   *     per-CPU stock included, and so do free blocks and stock of each.
   */
  List<ZoneReport> zones();

  /**
   * Moves movable blocks together until a block of the order is free.
   *
   * @implSpec [physmem.19] Moves only live movable blocks, each to frames that were free, and shows
   *     each at its new place afterwards; one that the mover refuses stays.
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
   * @implSpec [physmem.20] True: all frames of the span are free. False: nothing has changed. A
   *     span that {@link #offline} took out of service, none of whose frames has a fault, is
   *     accepted.
   * @param span the frames, not yet present
   * @return true if added; false if this engine cannot grow
   */
  default boolean online(FrameSpan span) {
    return false;
  }

  /**
   * Takes frames out of service while running, moving what can be moved.
   *
   * @implSpec [physmem.21] True: no frame of the span is live or will be handed out. False: nothing
   *     that is live has been lost, though movable blocks may lie elsewhere.
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
   * @implSpec [physmem.22] True: the frame is handed out no more. False: what is live stays live. A
   *     frame that is not in service is a MisuseException with nothing changed, in an engine that
   *     can leave frames out.
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
