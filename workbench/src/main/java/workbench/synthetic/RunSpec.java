package workbench.synthetic;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import workbench.synthetic.Generator.Part;

/**
 * One run of a generator.
 *
 * @param threads threads that were asked for, at least 1
 * @param seed decides all that is random
 * @param parameters of the generator
 * @param frames page frames that are free when the run begins
 */
public record RunSpec(int threads, long seed, Parameters parameters, long frames) {
  private static final long STRIDE = 0x9E3779B97F4A7C15L; // the golden ratio: seeds far apart

  /** {@return the random numbers of a thread, or of anything else that has a number} */
  SplittableRandom random(long thread) {
    return new SplittableRandom(seed + thread * STRIDE);
  }

  /** {@return a part for each thread, made of its number from 0 on} */
  <C extends Client> List<Part<C>> parts(IntFunction<Part<C>> part) {
    return IntStream.range(0, threads).mapToObj(part).toList();
  }
}
