package physmem.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The owner of movable frames, which can be asked to move one for compaction. */
@FunctionalInterface
@ConsumerType
public interface FrameMover {
  /**
   * Moves the contents and every translation of a block to another block of the same order.
   *
   * @param from the first frame of an allocated movable block
   * @param to the first frame of a block that the engine has set aside
   * @param order the order of both
   * @return true if moved, so that {@code from} is free now; false if it cannot be moved at this
   *     time
   */
  boolean move(long from, long to, int order);
}
