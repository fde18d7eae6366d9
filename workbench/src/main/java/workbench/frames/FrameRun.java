package workbench.frames;

import java.util.concurrent.CancellationException;
import kernel.api.BootedSystem;
import trace.TraceException;
import trace.frames.FrameSource;

/** One pass over a frame trace: clock and accounts around the loop. */
final class FrameRun implements AutoCloseable {
  private final FrameBatch batch = new FrameBatch();
  private final FrameLoop loop;
  private final FrameShadow shadow;
  private final int ports;
  private long operations;
  private long allocations;
  private long failures;
  private long failedFrames;
  private long frames;
  private long blocks;
  private long peakFrames;
  private long peakBlocks;
  private int lastCpu;
  private long nanos;

  FrameRun(BootedSystem system, boolean checking, boolean alone) {
    ports = system.machine().cpus();
    shadow = new FrameShadow(system, alone);
    loop = new FrameLoop(system.frames(), ports, shadow, checking);
  }

  /**
   * Replays a source.
   *
   * @param most operations after which the replay ends at the latest, rounded up to a batch
   */
  void play(FrameSource source, long most) throws TraceException {
    while (operations < most && batch.read(source)) {
      loop.reserve(batch);
      long begin = System.nanoTime();
      loop.run(batch);
      nanos += System.nanoTime() - begin;
      account();
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the replay was interrupted");
      }
    }
  }

  FrameShadow shadow() {
    return shadow;
  }

  long operations() {
    return operations;
  }

  FrameFigures figures() {
    return new FrameFigures(
        operations,
        allocations,
        failures,
        failedFrames,
        peakFrames,
        peakBlocks,
        frames,
        blocks,
        lastCpu + 1,
        ports,
        shadow.findings().count(),
        nanos);
  }

  /** Frees what is live. */
  void freeRest() {
    loop.freeAll();
  }

  private void account() {
    operations += batch.length;
    for (int i = 0; i < batch.length; i++) {
      lastCpu = Math.max(lastCpu, batch.cpu[i]);
      long size = 1L << batch.order[i];
      allocations += batch.allocates[i] ? 1 : 0;
      if (loop.served(i)) {
        int sign = batch.allocates[i] ? 1 : -1;
        frames += sign * size;
        blocks += sign;
        peakFrames = Math.max(peakFrames, frames);
        peakBlocks = Math.max(peakBlocks, blocks);
      } else if (batch.allocates[i]) {
        failures++;
        failedFrames += size;
      }
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
