package workbench.synthetic;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Larson and Krishnan's server: each thread replaces random blocks of its own set by blocks of
 * random sizes; then another takes the set over, so that blocks are freed by others than those who
 * asked for them.
 */
/*
 * In the original a thread that has done its rounds starts a new one, which goes on with its set,
 * and ends. Here the threads stay and pass their sets on in a ring, which gives the same pattern of
 * remote frees with as many CPUs; a single thread frees everything itself. The original runs for a
 * time; here the number of generations is given, so that counts do not depend on speed.
 */
final class Larson implements HeapGenerator {
  private static final int MOST_SIZE = 1 << 24;
  private static final int MOST_COUNT = 1 << 24;

  @Override
  public String name() {
    return "larson";
  }

  @Override
  public String description() {
    return "Threads replace random blocks of a set by blocks of random sizes and pass the set on:"
        + " a server whose blocks are freed by other threads (bleeding).";
  }

  @Override
  public String source() {
    return "P. Larson, M. Krishnan: Memory Allocation for Long-Running Server Applications. ISMM"
        + " 1998; parameters as in mimalloc-bench";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("min", 8, 1, MOST_SIZE, "least size in bytes"),
        new Parameter("max", 1000, 1, MOST_SIZE, "size that is not reached, in bytes"),
        new Parameter("chunks", 5000, 1, MOST_COUNT, "blocks in a set; a set per thread"),
        new Parameter("rounds", 10, 1, MOST_COUNT, "replacements per block before it is passed on"),
        new Parameter("generations", 4, 1, MOST_COUNT, "how often a set has an owner"));
  }

  @Override
  public List<Part<HeapClient>> parts(RunSpec run) {
    AtomicReferenceArray<@Nullable Block[]> sets = new AtomicReferenceArray<>(run.threads());
    Meeting meeting = new Meeting(run.threads());
    return run.parts(number -> client -> serve(number, run, sets, meeting, client));
  }

  private static void serve(
      int thread,
      RunSpec run,
      AtomicReferenceArray<@Nullable Block[]> sets,
      Meeting meeting,
      HeapClient client)
      throws InterruptedException {
    SplittableRandom random = run.random(thread);
    @Nullable Block[] mine = new Block[run.parameters().count("chunks")];
    for (int i = 0; i < mine.length; i++) {
      mine[i] = client.allocate(size(run, random));
    }
    long replacements = mine.length * run.parameters().get("rounds");
    for (long generation = 0; generation < run.parameters().get("generations"); generation++) {
      for (long i = 0; i < replacements; i++) {
        replace(mine, random.nextInt(mine.length), size(run, random), client);
      }
      sets.set(thread, mine);
      meeting.await();
      mine = sets.get((thread + 1) % run.threads());
      meeting.await();
    }
    for (Block block : mine) {
      free(block, client);
    }
  }

  private static void replace(@Nullable Block[] set, int at, long size, HeapClient client) {
    free(set[at], client);
    set[at] = client.allocate(size);
  }

  private static void free(@Nullable Block block, HeapClient client) {
    if (block != null) {
      client.free(block);
    }
  }

  private static long size(RunSpec run, SplittableRandom random) {
    long least = run.parameters().get("min");
    return random.nextLong(least, Math.max(least + 1, run.parameters().get("max")));
  }
}
