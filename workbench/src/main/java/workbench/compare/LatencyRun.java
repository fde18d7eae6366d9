package workbench.compare;

import heap.api.HeapPort;
import java.util.Arrays;
import kernel.api.BootedSystem;
import org.HdrHistogram.Histogram;
import trace.EventBatch;
import trace.EventSource;
import trace.TraceException;

/**
 * Replays a trace once and reads the clock around each call. A reading takes some 25 ns, which is
 * in every latency; nothing else is between the two but the call.
 */
final class LatencyRun {
  private static final long MOST_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;

  private final Histogram latencies = new Histogram(1, MOST_NANOS, DIGITS);
  private final BootedSystem system;
  private long[] addresses = new long[0];

  LatencyRun(BootedSystem system) {
    this.system = system;
  }

  /** Replays up to so many events. {@return the latencies of their calls in nanoseconds} */
  Histogram run(EventSource source, long most) throws TraceException {
    EventBatch batch = new EventBatch();
    try (CpuPorts ports = new CpuPorts(system.heap(), system.machine().cpus())) {
      for (long left = most; left > 0 && source.read(batch); left -= batch.length()) {
        if (batch.slots() > addresses.length) {
          addresses = Arrays.copyOf(addresses, batch.slots() + (batch.slots() >> 1));
        }
        for (int i = 0; i < batch.length(); i++) {
          execute(batch, i, ports.forThread(batch.thread(i)));
        }
      }
      freeAll(ports.forThread(0));
    }
    return latencies;
  }

  private void execute(EventBatch batch, int i, HeapPort port) {
    byte operation = batch.operation(i);
    if (operation == EventBatch.THREAD) {
      return;
    }
    if (operation == EventBatch.FREE) {
      free(port, batch.slot(i));
      return;
    }
    int dying = batch.oldSlot(i);
    long old = dying < 0 ? 0 : addresses[dying];
    long begin = System.nanoTime();
    long address =
        switch (operation) {
          case EventBatch.ALLOCATE -> port.allocate(batch.size(i));
          case EventBatch.ZEROED -> port.allocateZeroed(batch.bytes(i));
          case EventBatch.ALIGNED -> port.allocateAligned(batch.extra(i), batch.size(i));
          default -> old == 0 ? port.allocate(batch.size(i)) : port.resize(old, batch.size(i));
        };
    record(begin);
    if (dying >= 0) {
      addresses[dying] = 0;
      if (address == 0 && old != 0) {
        port.free(old);
      }
    }
    addresses[batch.slot(i)] = address;
  }

  private void free(HeapPort port, int slot) {
    long address = addresses[slot];
    if (address != 0) {
      addresses[slot] = 0;
      long begin = System.nanoTime();
      port.free(address);
      record(begin);
    }
  }

  private void record(long begin) {
    latencies.recordValue(Math.clamp(System.nanoTime() - begin, 1, MOST_NANOS));
  }

  private void freeAll(HeapPort port) {
    for (int slot = 0; slot < addresses.length; slot++) {
      if (addresses[slot] != 0) {
        port.free(addresses[slot]);
        addresses[slot] = 0;
      }
    }
  }
}
