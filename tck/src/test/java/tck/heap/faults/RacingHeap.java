package tck.heap.faults;

import allocator.api.CensusSummary;
import heap.api.HeapContext;

/** Counts its live blocks without a lock. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // that is the fault
final class RacingHeap extends NaiveHeap {
  private static final int SPINS = 300;

  private volatile long count;
  private long calls;

  RacingHeap(HeapContext context) {
    super(context);
  }

  private void add(long more) {
    long before = count;
    if (++calls % 16 == 0) {
      for (int i = 0; i < SPINS; i++) { // makes it likely
        Thread.onSpinWait();
      }
    }
    count = before + more;
  }

  @Override
  public long allocate(int cpu, long bytes) {
    long at = super.allocate(cpu, bytes);
    if (at != NULL) {
      add(1);
    }
    return at;
  }

  @Override
  public long allocateAligned(int cpu, long align, long bytes) {
    long at = super.allocateAligned(cpu, align, bytes);
    if (at != NULL) {
      add(1);
    }
    return at;
  }

  @Override
  public void free(int cpu, long address) {
    super.free(cpu, address);
    add(-1);
  }

  @Override
  protected boolean represent(long at, long bytes, long attributes) {
    add(1);
    return super.represent(at, bytes, attributes);
  }

  @Override
  protected void forget() {
    count = 0;
    super.forget();
  }

  @Override
  public CensusSummary census() {
    CensusSummary census = super.census();
    return new CensusSummary(count, census.liveUnits(), census.managedUnits(), census.checksum());
  }
}
