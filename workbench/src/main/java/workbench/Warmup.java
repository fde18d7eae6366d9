package workbench;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * How often a trace is replayed untimed before the replay that counts, so that the time is that of
 * compiled code: the first second of a JVM runs in an interpreter that is ten to a thousand times
 * slower, which says nothing about an allocator. Each pass has a machine of its own, which is
 * thrown away, so nothing but the time depends on it.
 *
 * @param passes the passes made at most, at least 0
 * @param bounded whether passes end once {@link #MOST_OPERATIONS} were replayed or {@link
 *     #MOST_NANOS} have passed
 */
public record Warmup(int passes, boolean bounded) {
  /**
   * Operations after which more passes bring little, and after which a pass breaks off. The
   * compiler's last level begins after some ten thousand calls of a method; what is called rarely,
   * growth, takes the longest.
   */
  public static final long MOST_OPERATIONS = 12_000_000;

  /** Nanoseconds after which no further pass begins, so that nobody waits long. */
  public static final long MOST_NANOS = 8_000_000_000L;

  /** No untimed replay. */
  public static final Warmup NONE = new Warmup(0, true);

  /** What a replay that is timed gets if nothing is said: a small trace needs many passes. */
  public static final Warmup DEFAULT = new Warmup(200, true);

  // A large method takes the compiler tens of milliseconds, and is counted when it is done.
  private static final long WAIT_MILLIS = 60;
  private static final int MOST_WAITS = 10;

  /** One pass. */
  @FunctionalInterface
  public interface Pass {
    /**
     * Makes it.
     *
     * @return the operations replayed, 0 if no pass can be made
     * @throws IOException if the trace cannot be read
     */
    long run() throws IOException;
  }

  /** Checks the number of passes. */
  public Warmup {
    if (passes < 0) {
      throw new IllegalArgumentException("number of warm-up passes " + passes + " is negative");
    }
  }

  /**
   * {@return exactly this many passes}
   *
   * @param passes the number, at least 0
   */
  public static Warmup exactly(int passes) {
    return new Warmup(passes, false);
  }

  /**
   * Makes the passes.
   *
   * @param pass one of them
   * @return the operations replayed in all of them
   * @throws IOException if the trace cannot be read
   */
  public long run(Pass pass) throws IOException {
    long begin = System.nanoTime();
    long operations = 0;
    for (int i = 0; i < passes && !enough(operations, begin); i++) {
      long more = pass.run();
      if (more == 0) {
        break;
      }
      operations += more;
    }
    if (operations > 0) {
      settle();
    }
    return operations;
  }

  /** Waits until the compiler has done nothing for a while: it would share the processor. */
  private static void settle() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long before = -1;
    try {
      for (int i = 0; i < MOST_WAITS && compiler.getTotalCompilationTime() != before; i++) {
        before = compiler.getTotalCompilationTime();
        Thread.sleep(WAIT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the replay asks for it after its first batch
    }
  }

  private boolean enough(long operations, long begin) {
    return bounded && (operations >= MOST_OPERATIONS || System.nanoTime() - begin >= MOST_NANOS);
  }
}
