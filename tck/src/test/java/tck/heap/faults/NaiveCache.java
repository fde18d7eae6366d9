package tck.heap.faults;

import allocator.api.MisuseException;
import allocator.api.Statistic;
import heap.api.CacheSpec;
import heap.api.HeapEngine;
import heap.api.ObjectCache;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Objects that were freed are kept in their constructed state, under the heap's lock. */
public class NaiveCache implements ObjectCache {
  private final NaiveHeap heap;
  private final CacheSpec spec;
  private final Deque<Long> ready = new ArrayDeque<>();
  private final Set<Long> out = new HashSet<>();

  /** Makes a cache without objects. */
  public NaiveCache(NaiveHeap heap, CacheSpec spec) {
    this.heap = heap;
    this.spec = spec;
  }

  @Override
  public CacheSpec spec() {
    return spec;
  }

  @Override
  public long allocate(int cpu) {
    synchronized (heap) {
      long object = ready.isEmpty() ? fresh() : ready.pop();
      if (object != HeapEngine.NULL) {
        heap.kept.remove(object);
        out.add(object);
      }
      return object;
    }
  }

  private long fresh() {
    long align = Math.max(NaiveHeap.ALIGNMENT, spec.align());
    long object = heap.take(heap.usable(spec.objectBytes()), align);
    if (object != HeapEngine.NULL) {
      construct(object);
    }
    return object;
  }

  /** Brings a fresh object into its constructed state. */
  protected void construct(long object) {
    spec.constructor().ifPresent(each -> each.apply(heap.context.window(), object));
  }

  @Override
  public void free(int cpu, long address) {
    synchronized (heap) {
      if (!out.remove(address)) {
        throw new MisuseException("0x%x is no live object of %s".formatted(address, spec.name()));
      }
      heap.kept.add(address);
      ready.push(address);
    }
  }

  @Override
  public long reap() {
    synchronized (heap) {
      while (!ready.isEmpty()) {
        long object = ready.pop();
        spec.destructor().ifPresent(each -> each.apply(heap.context.window(), object));
        heap.kept.remove(object);
        heap.give(object);
      }
      return heap.trim(0);
    }
  }

  @Override
  public List<Statistic> statistics() {
    synchronized (heap) {
      return List.of(new Statistic("live", out.size(), "objects"));
    }
  }

  @Override
  public void close() {
    synchronized (heap) {
      if (!out.isEmpty()) {
        throw new MisuseException(out.size() + " objects of " + spec.name() + " are live");
      }
      reap();
    }
  }
}
