package trace;

import heap.api.Heap;
import heap.api.HeapPort;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports that a replay calls through: thread {@code n} of the trace runs on CPU {@code n} modulo
 * the number of CPUs. A port is opened when its CPU is first used.
 */
final class PortTable implements AutoCloseable {
  private final Heap heap;
  private final List<HeapPort> ports = new ArrayList<>();
  private final int[] portOfCpu;

  PortTable(Heap heap, int cpus) {
    this.heap = heap;
    this.portOfCpu = new int[cpus];
  }

  HeapPort forThread(int thread) {
    int cpu = thread % portOfCpu.length;
    if (portOfCpu[cpu] == 0) {
      ports.add(heap.open(cpu));
      portOfCpu[cpu] = ports.size();
    }
    return ports.get(portOfCpu[cpu] - 1);
  }

  @Override
  public void close() {
    ports.forEach(HeapPort::close);
    ports.clear();
  }
}
