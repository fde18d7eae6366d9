package workbench.synthetic;

import java.util.List;

/** LLFree's bulk: half the memory is taken at once, then all of it given back, the last first. */
final class Bulk implements FrameGenerator {
  private static final int ROUNDS = 4;

  @Override
  public String name() {
    return "bulk";
  }

  @Override
  public String description() {
    return "Each thread takes its share of half the memory at once, then gives all of it back: how"
        + " fast free memory can be found and returned without contention for single frames.";
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
    return run.parts(thread -> client -> rounds(run, meeting, client));
  }

  private static void rounds(RunSpec run, Meeting meeting, FrameClient client)
      throws InterruptedException {
    int order = FrameFill.order(run);
    long[] blocks = new long[FrameFill.blocks(run)];
    FrameFill.countHeld(blocks, order, client);
    for (long round = 0; round < run.parameters().get("rounds"); round++) {
      FrameFill.fill(blocks, order, client);
      meeting.await();
      FrameFill.empty(blocks, order, client);
      meeting.await();
    }
  }
}
