package trace;

import heap.api.HeapPort;
import java.util.Arrays;

/**
 * What executes the events of a batch against a heap. After a batch, {@link #born} says for each
 * event at which address its block was born, 0 if that failed.
 */
abstract sealed class BatchLoop permits PlainLoop, CheckedLoop {
  private static final int PIECE = 1024; // events: entering the method costs nothing beside them

  final PortTable ports;
  final long[] born = new long[EventBatch.CAPACITY + EventBatch.SPARE];
  long[] addressOfSlot = new long[0];
  HeapPort port;

  BatchLoop(PortTable ports) {
    this.ports = ports;
    this.port = ports.forThread(0);
  }

  /** Makes room for slots below this bound. */
  void reserve(int slots) {
    if (slots > addressOfSlot.length) {
      addressOfSlot = Arrays.copyOf(addressOfSlot, slots + (slots >> 1));
    }
  }

  /**
   * Executes all events of the batch, in pieces: compiled code that meets a case it was not made
   * for goes on in the interpreter until the method is entered again.
   */
  final void run(EventBatch batch) {
    for (int at = 0; at < batch.length; at += PIECE) {
      run(batch, at, Math.min(at + PIECE, batch.length));
    }
  }

  /** Executes some events of the batch. */
  abstract void run(EventBatch batch, int from, int to);

  /** Looks at a block that is still live after the last event. */
  abstract void inspect(int slot, long event);

  /**
   * Resizes as C's {@code realloc} does a null pointer or a block. If there is no memory, the
   * trace's old block is dead all the same, so it is freed: nothing in the trace could do that
   * later.
   */
  static long resize(HeapPort port, long old, long bytes) {
    if (old == 0) {
      return port.allocate(bytes);
    }
    long address = port.resize(old, bytes);
    if (address == 0) {
      port.free(old);
    }
    return address;
  }

  /** Frees as C's {@code free} does: nothing happens to the null pointer of a failed birth. */
  static void free(HeapPort port, long address) {
    if (address != 0) {
      port.free(address);
    }
  }
}
