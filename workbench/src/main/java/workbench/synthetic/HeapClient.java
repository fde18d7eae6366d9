package workbench.synthetic;

import hardware.api.Window;
import heap.api.HeapPort;

/** A thread's calls to the heap; each block is written to, at its first word. */
public final class HeapClient extends Client {
  /** The count of blocks that another thread frees than the one that asked for them. */
  static final String REMOTE = "remote frees";

  private static final int WORD = 8;

  private final HeapPort port;
  private final Window window;
  private final int thread;

  HeapClient(HeapPort port, Window window, int thread) {
    this.port = port;
    this.window = window;
    this.thread = thread;
  }

  /** {@return a new block, or null if there is none} */
  @org.jspecify.annotations.Nullable
  Block allocate(long bytes) {
    long address = port.allocate(bytes);
    asked(bytes, address != 0);
    if (address == 0) {
      return null;
    }
    if (bytes >= WORD) {
      window.putLong(address, bytes);
    }
    return new Block(address, bytes, thread);
  }

  /** Writes to a block's first word. */
  void write(Block block, long value) {
    window.putLong(block.address(), value);
  }

  /** Frees a block. */
  void free(Block block) {
    port.free(block.address());
    freed();
    if (block.owner() != thread) {
      count(REMOTE, 1);
    }
  }

  @Override
  public void close() {
    port.close();
  }
}
