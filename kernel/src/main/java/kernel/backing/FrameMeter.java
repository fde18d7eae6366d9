package kernel.backing;

import allocator.api.TierVacantException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import physmem.api.FrameEngine;
import physmem.api.FramePort;

/**
 * The kernel's own use of the physmem slot, counted by purpose.
 *
 * <p>One port behind one lock: the kernel takes frames when ranges grow, which is rare beside the
 * allocations inside them. Safe for use by several threads.
 */
public final class FrameMeter {
  private final FramePort port;
  private final BooleanSupplier vacant;
  private final Deque<Block> owed = new ArrayDeque<>();
  private long tables;
  private long backing;
  private long peak;
  private long peakTables;
  private long deferrals;

  /**
   * Begins with nothing taken.
   *
   * @param port a port of the physmem slot, owned from now on
   * @param vacant whether that slot has no provider at the moment
   */
  public FrameMeter(FramePort port, BooleanSupplier vacant) {
    this.port = port;
    this.vacant = vacant;
  }

  /** Frames on their way home. */
  private record Block(long frame, int order) {}

  // Page tables and ranges are taken down whether or not somebody takes the frames back now: what
  // cannot go home goes with the next block that can.
  private void give(long frame, int order) {
    owed.add(new Block(frame, order));
    settle();
  }

  private void settle() {
    while (!owed.isEmpty() && !vacant.getAsBoolean()) {
      Block next = owed.removeFirst();
      try {
        port.free(next.frame(), next.order());
      } catch (TierVacantException e) {
        deferrals++;
        owed.addFirst(next);
      }
    }
  }

  // To whoever builds tables or ranges, a tier without provider is one without frames.
  private long take(int order, int flags) {
    try {
      settle();
      return port.allocate(order, flags);
    } catch (TierVacantException e) {
      deferrals++;
      return FrameEngine.NONE;
    }
  }

  /** {@return frames that wait for physmem to have a provider again} */
  public synchronized long owedFrames() {
    settle();
    return owed.stream().mapToLong(block -> 1L << block.order()).sum();
  }

  /** {@return how often something had to wait for a provider} */
  public synchronized long deferrals() {
    return deferrals;
  }

  /** {@return a frame for a page table, or {@link FrameEngine#NONE}} */
  public synchronized long takeTable() {
    long frame = take(0, 0);
    if (frame != FrameEngine.NONE) {
      tables++;
      notePeak();
    }
    return frame;
  }

  /**
   * Takes a page table's frame back.
   *
   * @param frame what {@link #takeTable} returned
   */
  public synchronized void giveTable(long frame) {
    give(frame, 0);
    tables--;
  }

  /**
   * Takes a block to stand behind addresses.
   *
   * @param order its order
   * @param flags see {@link physmem.api.FrameFlags}
   * @return the first frame, or {@link FrameEngine#NONE}
   */
  public synchronized long takeBacking(int order, int flags) {
    long frame = take(order, flags);
    if (frame != FrameEngine.NONE) {
      backing += 1L << order;
      notePeak();
    }
    return frame;
  }

  /**
   * Gives a block back.
   *
   * @param frame what {@link #takeBacking} returned
   * @param order its order
   */
  public synchronized void giveBacking(long frame, int order) {
    give(frame, order);
    backing -= 1L << order;
  }

  private void notePeak() {
    peak = Math.max(peak, tables + backing);
    peakTables = Math.max(peakTables, tables);
  }

  /** {@return the frames of page tables} */
  public synchronized long tables() {
    return tables;
  }

  /** {@return the frames behind addresses} */
  public synchronized long backing() {
    return backing;
  }

  /** {@return the most frames in use at any moment since the last reset} */
  public synchronized long peak() {
    return peak;
  }

  /** {@return the most frames of page tables at any moment since the last reset} */
  public synchronized long peakTables() {
    return peakTables;
  }

  /** Sets the peaks to what is in use now. */
  public synchronized void resetPeaks() {
    peak = tables + backing;
    peakTables = tables;
  }
}
