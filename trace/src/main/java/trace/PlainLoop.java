package trace;

import heap.api.HeapPort;

/** The loop that is timed: it touches the batch's columns and the heap, and nothing else. */
final class PlainLoop extends BatchLoop {
  PlainLoop(PortTable ports) {
    super(ports);
  }

  @Override
  void run(EventBatch batch, int from, int to) {
    final byte[] operations = batch.operation;
    final int[] slots = batch.slot;
    final long[] addresses = addressOfSlot;
    final long[] results = born;
    HeapPort current = port;
    for (int i = from; i < to; i++) {
      int slot = slots[i];
      switch (operations[i]) {
        case EventBatch.FREE -> free(current, addresses[slot]);
        case EventBatch.THREAD -> current = ports.forThread(batch.thread[i]);
        default -> {
          long address = birth(current, batch, i, operations[i]);
          addresses[slot] = address;
          results[i] = address;
        }
      }
    }
    port = current;
  }

  @Override
  void inspect(int slot, long event) {
    // The plain loop writes nothing to blocks, so there is nothing to look at.
  }

  private long birth(HeapPort current, EventBatch batch, int i, byte operation) {
    return switch (operation) {
      case EventBatch.ALLOCATE -> current.allocate(batch.size[i]);
      case EventBatch.ZEROED -> current.allocateZeroed(batch.extra[i] * batch.size[i]);
      case EventBatch.ALIGNED -> current.allocateAligned(batch.extra[i], batch.size[i]);
      default -> resize(current, addressOfSlot[batch.oldSlot[i]], batch.size[i]);
    };
  }
}
