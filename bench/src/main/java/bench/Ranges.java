package bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import vmem.api.AddressArena;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** One address range freed and one allocated while many are live: does it depend on how many? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Ranges {
  private static final long QUANTUM = 4096;
  private static final long BASE = 0xffff_c900_0000_0000L;
  private static final long SPAN = 32L << 40;
  private static final long SEED = 42;

  /** Live ranges. */
  @Param({"10", "1000", "100000", "1000000"})
  public int segments = 10;

  private final Stack stack = new Stack();
  private final AddressArena arena = stack.addresses.createArena(ArenaSpec.of("bench", QUANTUM));
  private final Random random = new Random(SEED);
  private long[] bases = new long[0];
  private long[] sizes = new long[0];
  private int at;

  /** Fills the arena with ranges of 1 to 16 pages. */
  @Setup(Level.Trial)
  public void fill() {
    arena.addSpan(BASE, SPAN);
    bases = new long[segments];
    sizes = new long[segments];
    for (int i = 0; i < segments; i++) {
      sizes[i] = QUANTUM * (1 + random.nextInt(16));
      bases[i] = arena.allocate(0, sizes[i], FitPolicy.INSTANT);
    }
  }

  /** Frees the range whose turn it is, in a scattered order, and allocates one of its size. */
  @Benchmark
  public void replace() {
    at = (int) ((at + 7919L) % segments); // a prime: every range has its turn
    arena.free(0, bases[at], sizes[at]);
    bases[at] = arena.allocate(0, sizes[at], FitPolicy.INSTANT);
  }

  /** Switches the machine off. */
  @TearDown(Level.Trial)
  public void close() {
    arena.close();
    stack.close();
  }
}
