package bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import physmem.api.FrameEngine;
import physmem.api.FramePort;

/** One page frame allocated and freed, nanoseconds for both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Frames {
  private static final int BATCH = 512; // as many as the lists of one CPU never hold

  private final Stack stack = new Stack();
  private final FrameEngine engine = stack.frameEngine;
  private final FramePort port = stack.frames.open(0);
  private final long[] frames = new long[BATCH];

  /** One frame at once, by the provider. */
  @Benchmark
  public void enginePair() {
    engine.free(0, engine.allocate(0, 0, 0), 0);
  }

  /** One frame at once, through the slot. */
  @Benchmark
  public void slotPair() {
    port.free(port.allocate(0, 0), 0);
  }

  /** 512 frames, then their frees, by the provider. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void engineBatch() {
    for (int i = 0; i < BATCH; i++) {
      frames[i] = engine.allocate(0, 0, 0);
    }
    for (long frame : frames) {
      engine.free(0, frame, 0);
    }
  }

  /** 512 frames, then their frees, through the slot. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void slotBatch() {
    for (int i = 0; i < BATCH; i++) {
      frames[i] = port.allocate(0, 0);
    }
    for (long frame : frames) {
      port.free(frame, 0);
    }
  }

  /** 512 frames in one call and back in one, through the slot. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void slotBulk() {
    int got = port.allocateBulk(0, 0, frames, 0, BATCH);
    port.freeBulk(0, frames, 0, got);
  }

  /** Switches the machine off. */
  @TearDown
  public void close() {
    stack.close();
  }
}
