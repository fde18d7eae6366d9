package kernel.backing;

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
  private long tables;
  private long backing;
  private long peak;
  private long peakTables;

  /**
   * Begins with nothing taken.
   *
   * @param port a port of the physmem slot, owned from now on
   */
  public FrameMeter(FramePort port) {
    this.port = port;
  }

  /** {@return a frame for a page table, or {@link FrameEngine#NONE}} */
  public synchronized long takeTable() {
    long frame = port.allocate(0, 0);
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
    port.free(frame, 0);
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
    long frame = port.allocate(order, flags);
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
    port.free(frame, order);
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
