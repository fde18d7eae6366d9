package workbench.compare;

import heap.api.Heap;
import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;

/** A port per CPU, as the replayer has them: thread n of a trace runs on CPU n modulo the CPUs. */
final class CpuPorts implements AutoCloseable {
  private final List<HeapPort> ports = new ArrayList<>();

  CpuPorts(Heap heap, int cpus) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      ports.add(heap.open(cpu));
    }
  }

  HeapPort forThread(int thread) {
    return ports.get(thread % ports.size());
  }

  @Override
  public void close() {
    ports.forEach(HeapPort::close);
  }
}
