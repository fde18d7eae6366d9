package trace;

import java.util.Arrays;
import java.util.List;
import trace.table.LongIntMap;

/** The state of one replay beside the loop: clock, accounts, failures. */
final class ReplayRun {
  private final BatchLoop loop;
  private final LiveAccount live = new LiveAccount();
  private long[] idOfSlot = new long[0];
  private long events;
  private long operations;
  private long failures;
  private long nanos;
  private long leaked;
  private Levels peak = new Levels(0, 0, 0, 0, 0);
  private Levels last = peak;

  ReplayRun(BatchLoop loop) {
    this.loop = loop;
  }

  /** Runs the batch against the clock, then keeps the accounts. */
  void execute(EventBatch batch) {
    loop.reserve(batch.slots());
    live.reserve(batch.slots());
    if (live.slots() > idOfSlot.length) {
      idOfSlot = Arrays.copyOf(idOfSlot, live.slots());
    }
    long begin = System.nanoTime();
    loop.run(batch);
    nanos += System.nanoTime() - begin;
    account(batch);
  }

  /** Tells the sink every block that the batch gave birth to. */
  void tell(EventBatch batch, PlacementSink sink) throws TraceException {
    for (int i = 0; i < batch.length; i++) {
      if (batch.isBirth(i) && loop.born[i] != 0) {
        sink.placed(batch.id[i], loop.born[i]);
      }
    }
  }

  /** Takes the figures after the last event and looks at all blocks that are still live. */
  void finish(Probe probe) {
    last = levels(live.bytes(), live.blocks(), probe.current());
    peak = levels(live.peakBytes(), live.peakBlocks(), probe.peak());
    for (int slot = 0; slot < live.slots(); slot++) {
      if (live.size(slot) >= 0) {
        loop.inspect(slot, events);
      }
    }
  }

  /** Frees what is live, in the order of ids. */
  void freeLeaked() {
    LongIntMap slotOfId = new LongIntMap();
    long[] ids = new long[Math.toIntExact(live.blocks())];
    for (int slot = 0; slot < live.slots(); slot++) {
      if (live.size(slot) >= 0) {
        ids[slotOfId.size()] = idOfSlot[slot];
        slotOfId.add(idOfSlot[slot], slot);
      }
    }
    Arrays.sort(ids);
    for (long id : ids) {
      int slot = slotOfId.get(id);
      live.death(slot);
      loop.port.free(loop.addressOfSlot[slot]);
    }
    leaked = ids.length;
  }

  ReplayResult result(long corruptions, List<Corruption> first) {
    return new ReplayResult(operations, failures, corruptions, first, peak, last, leaked, nanos);
  }

  private static Levels levels(long bytes, long blocks, Probe.Holdings held) {
    return new Levels(bytes, blocks, held.footprintBytes(), held.frames(), held.pageTableFrames());
  }

  private void account(EventBatch batch) {
    for (int i = 0; i < batch.length; i++) {
      switch (batch.operation[i]) {
        case EventBatch.FREE -> live.death(batch.slot[i]);
        case EventBatch.THREAD -> operations--;
        case EventBatch.RESIZE -> {
          live.death(batch.oldSlot[i]);
          birth(batch, i);
        }
        default -> birth(batch, i);
      }
    }
    operations += batch.length;
    events += batch.length;
  }

  private void birth(EventBatch batch, int i) {
    if (loop.born[i] == 0) {
      failures++;
    } else {
      idOfSlot[batch.slot[i]] = batch.id[i];
      live.birth(batch.slot[i], batch.bytes(i));
    }
  }
}
