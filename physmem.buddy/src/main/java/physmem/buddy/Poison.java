package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import java.util.List;
import java.util.TreeSet;

/**
 * A zone's frames with faults: those that are out of service, and those that will be as soon as
 * their owner frees the block around them. They stay present and are managed no more.
 *
 * <p>All but {@link #pending} is called with the zone's lock held.
 */
final class Poison {
  private final Zone zone;
  private final TreeSet<Long> doomed = new TreeSet<>();
  private int pending; // as many as doomed has; read without the lock
  private long retired;

  Poison(Zone zone) {
    this.zone = zone;
  }

  /** {@return whether a frame that is in use must not come back when it is freed} */
  boolean pending() {
    return pending != 0;
  }

  /** {@return how many frames wait for their owner} */
  long waiting() {
    return pending;
  }

  /** {@return how many frames were taken out of service} */
  long retired() {
    return retired;
  }

  /** {@return whether a frame of a range was not to come back, and is not retired} */
  boolean isWaitedFor(long from, long to) {
    return !doomed.subSet(from, to).isEmpty();
  }

  /** Notes that a frame in use must not come back. */
  void doom(long frame) {
    doomed.add(frame);
    pending = doomed.size();
  }

  /** Takes a free frame out of the free lists; {@return whether it was free}. */
  boolean retire(long frame) {
    FreeBlocks free = zone.free();
    int order = free.orderHolding(frame);
    if (order != NONE) {
      free.carve(frame & -(1L << order), order, frame, frame + 1);
      noteRetired(frame);
    }
    return order != NONE;
  }

  /** Notes that a frame that is neither free nor live is out of service. */
  void noteRetired(long frame) {
    zone.managed().remove(frame, frame + 1);
    doomed.remove(frame);
    pending = doomed.size();
    retired++;
  }

  /** Takes out of a range that was just freed what must not come back. */
  void collect(long from, long to) {
    if (pending != 0) {
      List.copyOf(doomed.subSet(from, to)).forEach(this::retire);
    }
  }
}
