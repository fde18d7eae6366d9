package bench;

import hardware.api.Mmu;
import hardware.api.Window;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One access through the modelled MMU, nanoseconds. Apart from the rest: it loads another window.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CountedAccess {
  private static final int NEAR = 16 << 10; // four pages: the modelled TLB holds them
  private static final int FAR = 64 << 20; // 16,384 pages, in strides of one: it cannot
  private static final int PAGE = 4096;

  private final Stack stack = new Stack();
  private final long block = stack.heapEngine.allocateAligned(0, PAGE, FAR);
  private final Mmu mmu = stack.machine.mmu();
  private final Window counted = mmu.countedWindow(stack.space, 0, block, FAR);
  private long offset;

  /** A load through a counted window, TLB hit. */
  @Benchmark
  public long window() {
    offset = (offset + Long.BYTES) & (NEAR - 1);
    return counted.getLong(block + offset);
  }

  /** A translation, TLB hit. */
  @Benchmark
  public long hit() {
    offset = (offset + Long.BYTES) & (NEAR - 1);
    return mmu.access(stack.space, 0, block + offset, Mmu.READ);
  }

  /** A translation, TLB miss and page walk. */
  @Benchmark
  public long miss() {
    offset = (offset + PAGE) & (FAR - 1);
    return mmu.access(stack.space, 0, block + offset, Mmu.READ);
  }

  /** Switches the machine off. */
  @TearDown
  public void close() {
    stack.close();
  }
}
