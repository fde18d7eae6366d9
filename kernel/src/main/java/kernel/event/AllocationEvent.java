package kernel.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Unsigned;

/**
 * One of many heap allocations: each port records every {@value #PERIOD}th.
 *
 * <p>While no recording wants it, a call costs one test of a field.
 */
@Name("quarry.AllocationSample")
@Label("Allocation Sample")
@Description("One of 512 allocations of a port of the heap")
@Category({"Quarry", "Heap"})
public final class AllocationEvent extends Event {
  /** A power of two. */
  private static final int PERIOD = 512;

  @Label("CPU")
  int cpu;

  @Label("Address")
  @Description("0 if memory was exhausted")
  @Unsigned
  long address;

  @Label("Requested")
  @DataAmount
  long requested;

  private AllocationEvent() {}

  /**
   * Counts an allocation and records it if it is its turn.
   *
   * @param calls allocations of the port so far that were counted
   * @return the number to give with the next one
   */
  public static int count(int calls, int cpu, long address, long bytes) {
    AllocationEvent event = new AllocationEvent();
    if (!event.isEnabled()) {
      return calls;
    }
    if ((calls & (PERIOD - 1)) == 0) {
      event.cpu = cpu;
      event.address = address;
      event.requested = bytes;
      event.commit();
    }
    return calls + 1;
  }
}
