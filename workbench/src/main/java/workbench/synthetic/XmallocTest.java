package workbench.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Lever and Boreham's producers and consumers: half of the threads only ask, the others only free,
 * in batches. What is cached per thread is of no use to either.
 */
/*
 * As in the original there are as many consumers as producers, batches of 4096 blocks and at most
 * 100 of them under way. The original hands over the youngest batch first; here it is the oldest,
 * and a batch itself is no block. The original runs for a time, here a number of batches.
 */
final class XmallocTest implements HeapGenerator {
  private static final int WAITING = 100;
  private static final int MOST = 1 << 20;
  private static final int[] SIZES = {
    8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048
  };

  @Override
  public String name() {
    return "xmalloc-test";
  }

  @Override
  public String description() {
    return "As many threads that only free as threads that only ask: every free is remote, and no"
        + " per-thread cache ever sees its blocks again. Runs twice --threads.";
  }

  @Override
  public String source() {
    return "C. Lever, D. Boreham: malloc() Performance in a Multithreaded Linux Environment. USENIX"
        + " 2000; with C. Eder's sizes, as in mimalloc-bench";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("batches", 25, 1, MOST, "batches per thread that asks"),
        new Parameter("objects", 4096, 1, MOST, "blocks in a batch"),
        new Parameter("size", 0, 0, MOST, "size of each in bytes; 0 for 17 sizes of 8 to 2048"));
  }

  @Override
  public int threads(int threads) {
    return threads * 2;
  }

  @Override
  public List<Part<HeapClient>> parts(RunSpec run) {
    BlockingQueue<List<Block>> queue = new ArrayBlockingQueue<>(WAITING);
    List<Part<HeapClient>> parts = new ArrayList<>();
    for (int thread = 0; thread < run.threads(); thread++) {
      SplittableRandom random = run.random(thread);
      parts.add(client -> produce(run, random, queue, client));
      parts.add(client -> consume(run, queue, client));
    }
    return parts;
  }

  private static void produce(
      RunSpec run, SplittableRandom random, BlockingQueue<List<Block>> queue, HeapClient client)
      throws InterruptedException {
    long size = run.parameters().get("size");
    for (long batch = 0; batch < run.parameters().get("batches"); batch++) {
      List<Block> blocks = new ArrayList<>();
      for (long i = 0; i < run.parameters().get("objects"); i++) {
        Block block = client.allocate(size > 0 ? size : SIZES[random.nextInt(SIZES.length)]);
        if (block != null) {
          blocks.add(block);
        }
      }
      queue.put(blocks);
    }
  }

  private static void consume(RunSpec run, BlockingQueue<List<Block>> queue, HeapClient client)
      throws InterruptedException {
    for (long batch = 0; batch < run.parameters().get("batches"); batch++) {
      queue.take().forEach(client::free);
    }
  }
}
