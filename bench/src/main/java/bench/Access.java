package bench;

import hardware.api.AddressSpace;
import hardware.api.DirectWindow;
import hardware.api.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One 8-byte load by every way there is but the modelled MMU, nanoseconds; working set 16 KiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Access {
  /** Fits the first-level cache of any machine of the last decade. */
  private static final long BYTES = 16 << 10;

  private static final MemorySegment CONSTANT = Arena.global().allocate(BYTES, Long.BYTES);

  private final MemorySegment field = CONSTANT.asSlice(0);
  private final Stack stack = new Stack();
  private final long block = stack.heapEngine.allocateAligned(0, BYTES, BYTES);
  private final Window window = stack.heap.window();
  private final AddressSpace space = stack.space;
  private final DirectWindow ram = (DirectWindow) stack.machine.memory().window();
  private long offset;

  private long next() {
    offset = (offset + Long.BYTES) & (BYTES - 1);
    return offset;
  }

  /** A segment in a static final field: what memory outside of the Java heap costs at best. */
  @Benchmark
  public long segmentConstant() {
    return CONSTANT.get(ValueLayout.JAVA_LONG_UNALIGNED, next());
  }

  /** The same in an instance field. */
  @Benchmark
  public long segmentField() {
    return field.get(ValueLayout.JAVA_LONG_UNALIGNED, next());
  }

  /** A store through the heap's window. */
  @Benchmark
  public void windowStore() {
    window.putLong(block + next(), offset);
  }

  /** The heap's window: translated by the host's MMU. */
  @Benchmark
  public long window() {
    return window.getLong(block + next());
  }

  /** Page-table walk in software, then RAM at the physical address. */
  @Benchmark
  public long walk() {
    return ram.getLong(space.translate(block + next()));
  }

  /** Switches the machine off. */
  @TearDown
  public void close() {
    stack.close();
  }
}
