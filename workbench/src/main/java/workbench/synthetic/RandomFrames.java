package workbench.synthetic;

import java.util.List;
import java.util.SplittableRandom;

/**
 * LLFree's rand: half the memory is taken, shuffled among all threads, and given back, so that most
 * blocks go home in no order and from another CPU.
 */
final class RandomFrames implements FrameGenerator {
  /** The count of blocks that another thread frees than the one that asked for them. */
  private static final String REMOTE = HeapClient.REMOTE;

  private static final int ROUNDS = 4;

  @Override
  public String name() {
    return "random";
  }

  @Override
  public String description() {
    return "Half the memory is taken, shuffled among all threads and given back in random order:"
        + " contention between CPUs, and neighbours that are freed far apart in time.";
  }

  @Override
  public String source() {
    return FrameFill.SOURCE;
  }

  @Override
  public List<Parameter> parameters() {
    return FrameFill.parameters(ROUNDS);
  }

  @Override
  public List<Part<FrameClient>> parts(RunSpec run) {
    int each = FrameFill.blocks(run);
    long[] all = new long[Math.multiplyExact(each, run.threads())];
    int[] owners = new int[all.length];
    Meeting meeting = new Meeting(run.threads());
    return run.parts(number -> client -> rounds(number, run, all, owners, meeting, client));
  }

  // The meetings order what the threads write to the two arrays.
  private static void rounds(
      int thread, RunSpec run, long[] all, int[] owners, Meeting meeting, FrameClient client)
      throws InterruptedException {
    int order = FrameFill.order(run);
    int each = all.length / run.threads();
    int first = thread * each;
    client.count(FrameFill.HELD, (long) each << order);
    for (long round = 0; round < run.parameters().get("rounds"); round++) {
      for (int i = first; i < first + each; i++) {
        all[i] = client.allocate(order);
        owners[i] = thread;
      }
      meeting.await();
      if (thread == 0) {
        shuffle(all, owners, run.random(round));
      }
      meeting.await();
      for (int i = first; i < first + each; i++) {
        client.free(all[i], order);
        client.count(REMOTE, owners[i] == thread ? 0 : 1);
      }
      meeting.await();
    }
  }

  private static void shuffle(long[] all, int[] owners, SplittableRandom random) {
    for (int i = all.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      long frame = all[i];
      all[i] = all[other];
      all[other] = frame;
      int owner = owners[i];
      owners[i] = owners[other];
      owners[other] = owner;
    }
  }
}
