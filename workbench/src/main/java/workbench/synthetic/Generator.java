package workbench.synthetic;

import allocator.api.Tier;
import java.util.List;

/**
 * A benchmark: what its threads ask of one tier. Every thread frees all that it was left with, so
 * that nothing is live at the end, and asks for the same each time that it gets the same seed.
 *
 * @param <C> the client of its tier, through which each thread calls
 */
public sealed interface Generator<C extends Client>
    permits HeapGenerator, FrameGenerator, AddressGenerator {
  /** {@return the name by which it is known} */
  String name();

  /** {@return the tier that it calls} */
  Tier tier();

  /** {@return what it does, and what that shows, in a sentence or two} */
  String description();

  /** {@return where it was published} */
  String source();

  /** {@return what can be set} */
  List<Parameter> parameters();

  /**
   * {@return how many threads run when so many are asked for}
   *
   * @param threads at least 1
   */
  default int threads(int threads) {
    return threads;
  }

  /**
   * Makes the work of one run, a part per thread. Parts may share what they hand to each other.
   *
   * @param run threads, seed and parameters
   * @return a part for each of {@link #threads}
   */
  List<Part<C>> parts(RunSpec run);

  /**
   * What one thread does.
   *
   * @param <C> the client of its tier
   */
  @FunctionalInterface
  interface Part<C extends Client> {
    /**
     * Does all of it.
     *
     * @param client the thread's own
     * @throws InterruptedException if another thread failed, or the run is called off
     */
    void run(C client) throws InterruptedException;
  }
}
