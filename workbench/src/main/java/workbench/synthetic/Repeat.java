package workbench.synthetic;

import java.util.List;

/** LLFree's repeat: with half the memory taken, a block is taken and given back again and again. */
final class Repeat implements FrameGenerator {
  private static final int ROUNDS = 8;

  @Override
  public String name() {
    return "repeat";
  }

  @Override
  public String description() {
    return "With half the memory taken, each thread takes a block and gives it back, again and"
        + " again: the best case of per-CPU caches, and false sharing of metadata.";
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
    Meeting meeting = new Meeting(run.threads());
    return run.parts(thread -> client -> repeat(run, meeting, client));
  }

  private static void repeat(RunSpec run, Meeting meeting, FrameClient client)
      throws InterruptedException {
    int order = FrameFill.order(run);
    long[] blocks = new long[FrameFill.blocks(run)];
    FrameFill.countHeld(blocks, order, client);
    FrameFill.fill(blocks, order, client);
    meeting.await();
    for (long i = blocks.length * run.parameters().get("rounds"); i > 0; i--) {
      client.free(client.allocate(order), order);
    }
    meeting.await();
    FrameFill.empty(blocks, order, client);
  }
}
