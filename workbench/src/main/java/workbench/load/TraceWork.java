package workbench.load;

import java.nio.file.Files;
import trace.EventBatch;
import trace.EventSource;
import trace.TraceException;
import trace.TraceReader;

/** The calls of a trace, from its first event to its last, once or over and over. */
final class TraceWork implements Work {
  private final Client client;
  private final LoadWork.Traced what;
  private final EventBatch batch = new EventBatch();
  private final Blocks blocks = new Blocks();
  private final Blocks orphans =
      new Blocks(); // dead in the trace, but there was nobody to free them
  private EventSource source;
  private int orphanCount;
  private int next;
  private boolean any;

  /**
   * Opens the trace.
   *
   * @throws TraceException if it is none
   * @throws IllegalArgumentException if it would have to be read more often than it can be
   */
  TraceWork(Client client, LoadWork.Traced what, int threads) throws TraceException {
    this.client = client;
    this.what = what;
    if (Files.exists(what.trace())
        && !Files.isRegularFile(what.trace())
        && !Files.isDirectory(what.trace())
        && (what.loop() || threads > 1)) {
      throw new IllegalArgumentException(
          what.trace() + " can be read but once; copy it to a file, or use one thread, no loop");
    }
    this.source = TraceReader.open(what.trace());
  }

  @Override
  public boolean step() throws TraceException {
    if (next == batch.length() && !advance()) {
      return false;
    }
    execute(next);
    next++;
    return true;
  }

  @Override
  public void drain() {
    boolean freed = freeAll();
    while (freed && orphanCount > 0) {
      freed = client.free(orphans, orphanCount - 1, false);
      orphanCount -= freed ? 1 : 0;
    }
    close();
  }

  /** Closes the file; nothing is lost if that fails. */
  void close() {
    try {
      source.close();
    } catch (TraceException e) {
      client.failed("the trace could not be closed: " + e.getMessage());
    }
  }

  /** Reads the next events. {@return false if there are none} */
  private boolean advance() throws TraceException {
    next = 0;
    while (!source.read(batch)) {
      source.close();
      if (!what.loop() || !any) {
        return false; // a trace without events would be read for ever
      }
      any = false;
      freeAll();
      source = TraceReader.open(what.trace());
    }
    any = true;
    blocks.reserve(batch.slots());
    return true;
  }

  private void execute(int i) {
    int slot = batch.slot(i);
    switch (batch.operation(i)) {
      case EventBatch.ALLOCATE -> client.allocate(blocks, slot, batch.size(i));
      case EventBatch.ZEROED -> client.allocateZeroed(blocks, slot, batch.bytes(i));
      case EventBatch.ALIGNED ->
          client.allocateAligned(blocks, slot, batch.extra(i), batch.size(i));
      case EventBatch.RESIZE -> resize(batch.oldSlot(i), slot, batch.size(i));
      case EventBatch.FREE -> free(slot);
      default -> {
        // a change of thread: each of ours is one thread
      }
    }
  }

  /** As a replay does: the program's block is dead even if the heap could not resize it. */
  private void resize(int old, int slot, long bytes) {
    if (blocks.address(old) == 0) {
      client.allocate(blocks, slot, bytes);
    } else if (!client.resize(blocks, old, slot, bytes)) {
      free(old);
    }
  }

  private void free(int slot) {
    if (blocks.address(slot) != 0 && !client.free(blocks, slot, false)) {
      orphans.reserve(orphanCount + 1);
      orphans.copy(orphanCount, blocks, slot);
      orphanCount++;
      blocks.clear(slot);
    }
  }

  /** Frees the live blocks. {@return false if the tier is vacant and some had to be kept} */
  private boolean freeAll() {
    for (int slot = 0; slot < blocks.capacity(); slot++) {
      if (blocks.address(slot) != 0 && !client.free(blocks, slot, false)) {
        return false;
      }
    }
    return true;
  }
}
