package bench;

import heap.api.HeapEngine;
import heap.api.HeapPort;

/** Our heap, called directly and as a client calls it. */
final class QuarryContenders {
  private QuarryContenders() {}

  /** The provider itself. */
  static final class Engine extends Contender {
    private final long[] blocks = new long[PLACES];
    private final Stack stack = new Stack();
    private final HeapEngine engine = stack.heapEngine;

    @Override
    void allocate(int place, int bytes) {
      blocks[place] = engine.allocate(0, bytes);
    }

    @Override
    void free(int place) {
      engine.free(0, blocks[place]);
    }

    @Override
    public void close() {
      stack.close();
    }
  }

  /** A port of the slot. */
  static final class Slot extends Contender {
    private final long[] blocks = new long[PLACES];
    private final Stack stack = new Stack();
    private final HeapPort port = stack.heap.open(0);

    @Override
    void allocate(int place, int bytes) {
      blocks[place] = port.allocate(bytes);
    }

    @Override
    void free(int place) {
      port.free(blocks[place]);
    }

    @Override
    public void close() {
      stack.close();
    }
  }
}
