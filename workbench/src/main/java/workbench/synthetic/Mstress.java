package workbench.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * mimalloc's stress test: threads with unequal loads, sizes that are powers of two, blocks that
 * wander between threads and some that outlive the phase in which they were made.
 */
/*
 * In each phase a thread asks for 100 blocks times the scale, threads of higher numbers
 * (modulo 8) for more; half as many are set aside and live until the end of the phase. In between
 * it frees random blocks in two of three steps, and in one of four swaps one with a table that all
 * share. After each phase all that is not in the table is freed. In the original the threads end
 * with the phase and new ones come; here they wait for each other, and what a thread leaves in the
 * table is freed by whoever takes it, or by thread 0 at the end. Which thread that is depends on
 * how they interleave: remote frees differ from run to run with several threads.
 */
final class Mstress implements HeapGenerator {
  private static final int TRANSFERS = 1000;
  private static final int BLOCKS = 100; // per unit of load
  private static final int LOADS = 8;
  private static final int RETAIN = 2; // asks per block that is set aside
  private static final int MOST = 1 << 16;
  private static final double FREE = 0.66;
  private static final double SWAP = 0.25;
  private static final int LEAST_SHIFT = 3; // 8 bytes
  private static final int MOST_SHIFT = 13; // 8 KiB: halves in number with each step

  @Override
  public String name() {
    return "mstress";
  }

  @Override
  public String description() {
    return "Threads with unequal loads, sizes that are powers of two, blocks that wander between"
        + " threads and some that outlive their phase: a server's mixture.";
  }

  @Override
  public String source() {
    return "D. Leijen: test-stress of mimalloc, as mstress in mimalloc-bench";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("scale", 50, 1, MOST, "hundreds of blocks that the first thread asks for"),
        new Parameter("phases", 20, 1, MOST, "phases"));
  }

  @Override
  public List<Part<HeapClient>> parts(RunSpec run) {
    AtomicReferenceArray<@Nullable Block> table = new AtomicReferenceArray<>(TRANSFERS);
    Meeting meeting = new Meeting(run.threads());
    return run.parts(number -> client -> phases(number, run, table, meeting, client));
  }

  private static void phases(
      int thread,
      RunSpec run,
      AtomicReferenceArray<@Nullable Block> table,
      Meeting meeting,
      HeapClient client)
      throws InterruptedException {
    SplittableRandom random = run.random(thread);
    for (long phase = 0; phase < run.parameters().get("phases"); phase++) {
      phase(asks(run, thread), random, table, client);
      meeting.await();
    }
    for (int i = 0; thread == 0 && i < TRANSFERS; i++) {
      Block left = table.getAndSet(i, null);
      if (left != null) {
        client.free(left);
      }
    }
  }

  /** {@return the blocks that a thread asks for in a phase, those set aside not counted} */
  static long asks(RunSpec run, int thread) {
    return (long) BLOCKS * run.parameters().get("scale") * (thread % LOADS + 1);
  }

  private static void phase(
      long asks,
      SplittableRandom random,
      AtomicReferenceArray<@Nullable Block> table,
      HeapClient client) {
    List<Block> blocks = new ArrayList<>();
    List<Block> retained = new ArrayList<>();
    long left = asks;
    long aside = asks / RETAIN;
    // What is random is drawn whatever the heap answers, so that requests do not depend on it.
    while (left > 0 || aside > 0) {
      boolean asked = aside == 0 || (left > 0 && random.nextBoolean());
      left -= asked ? 1 : 0;
      aside -= asked ? 0 : 1;
      Block block = client.allocate(size(random));
      if (block != null) {
        (asked ? blocks : retained).add(block);
      }
      disturb(random.nextDouble(), random.nextDouble(), random.nextLong(), blocks, table, client);
    }
    blocks.forEach(client::free);
    retained.forEach(client::free);
  }

  private static void disturb(
      double free,
      double swap,
      long which,
      List<Block> blocks,
      AtomicReferenceArray<@Nullable Block> table,
      HeapClient client) {
    if (free < FREE && !blocks.isEmpty()) {
      client.free(take(blocks, Long.remainderUnsigned(which, blocks.size())));
    }
    if (swap < SWAP && !blocks.isEmpty()) {
      Block mine = take(blocks, Long.remainderUnsigned(which, blocks.size()));
      Block other = table.getAndSet((int) Long.remainderUnsigned(which, TRANSFERS), mine);
      if (other != null) {
        blocks.add(other);
      }
    }
  }

  private static Block take(List<Block> blocks, long at) {
    Block last = blocks.removeLast();
    return at == blocks.size() ? last : blocks.set((int) at, last);
  }

  private static long size(SplittableRandom random) {
    int shift = LEAST_SHIFT;
    while (shift < MOST_SHIFT && random.nextBoolean()) {
      shift++;
    }
    return 1L << shift;
  }
}
