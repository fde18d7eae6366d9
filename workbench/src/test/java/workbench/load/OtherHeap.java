package workbench.load;

import allocator.api.CensusSummary;
import allocator.api.Statistic;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.Heap;
import heap.api.HeapPort;
import heap.api.ObjectCache;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A heap whose ports are others than those of the real one.
 *
 * @param real serves
 * @param change makes a port from a real one
 */
record OtherHeap(Heap real, UnaryOperator<HeapPort> change) implements Heap {
  @Override
  public HeapPort open(int cpu) {
    return change.apply(real.open(cpu));
  }

  @Override
  public ObjectCache createCache(CacheSpec spec) {
    return real.createCache(spec);
  }

  @Override
  public Window window() {
    return real.window();
  }

  @Override
  public long lowestAddress() {
    return real.lowestAddress();
  }

  @Override
  public String provider() {
    return real.provider();
  }

  @Override
  public long footprint() {
    return real.footprint();
  }

  @Override
  public long peakFootprint() {
    return real.peakFootprint();
  }

  @Override
  public CensusSummary census() {
    return real.census();
  }

  @Override
  public List<Statistic> statistics() {
    return real.statistics();
  }
}
