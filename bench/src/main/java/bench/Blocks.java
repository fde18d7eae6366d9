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

/** One allocation and one free, nanoseconds for both, of our heap and of its peers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Blocks {
  private static final int BYTES = 64;
  private static final long SEED = 42; // every contender sees the same sequence
  private static final int STEPS = 1 << 16; // random numbers are drawn beforehand, and used in turn

  /** Who allocates; see docs/benchmarks.md. */
  @Param({
    "dl",
    "dl-slot",
    "glibc-ffm",
    "jemalloc-lwjgl",
    "rpmalloc-lwjgl",
    "confined-arena",
    "allocate-direct",
    "netty-pooled"
  })
  public String contender = "dl";

  private final int[] places = new int[STEPS];
  private final int[] sizes = new int[STEPS];
  private Contender blocks = new QuarryContenders.Engine();
  private int step;

  /** Fills every place with a block of 64 bytes, and draws the random numbers. */
  @Setup(Level.Trial)
  public void open() {
    blocks.close();
    blocks = Contender.named(contender);
    Random random = new Random(SEED);
    for (int i = 0; i < STEPS; i++) {
      places[i] = 1 + random.nextInt(Contender.PLACES - 1);
      sizes[i] = 1 + random.nextInt(1 << random.nextInt(4, 12)); // most are small
    }
    for (int i = 1; i < Contender.PLACES; i++) {
      blocks.allocate(i, BYTES);
    }
  }

  /** A block of 64 bytes, freed at once. */
  @Benchmark
  public void pair() {
    blocks.allocate(0, BYTES);
    blocks.free(0);
  }

  /** A random one of 10,000 live blocks of 64 bytes is freed and replaced. */
  @Benchmark
  public void fixed() {
    int place = places[step++ & (STEPS - 1)];
    blocks.free(place);
    blocks.allocate(place, BYTES);
  }

  /** A random one of 10,000 live blocks is freed and replaced by one of 1 to 2048 bytes. */
  @Benchmark
  public void random() {
    int i = step++ & (STEPS - 1);
    blocks.free(places[i]);
    blocks.allocate(places[i], sizes[(step >>> 16) * 7 + i & (STEPS - 1)]);
  }

  /** Switches the machine off, if it is ours. */
  @TearDown(Level.Trial)
  public void close() {
    blocks.close();
  }
}
