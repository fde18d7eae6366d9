package workbench.synthetic;

import java.util.List;

/** What LLFree's benchmarks have in common: each thread's share of half the memory. */
final class FrameFill {
  /** The count of frames that the threads held together. */
  static final String HELD = "frames held at once";

  static final String SOURCE =
      "L. Wrenger, F. Rommel, A. Halbuer, C. Dietrich, D. Lohmann: LLFree. USENIX ATC 2023; bench"
          + " of luhsra/llfree-rs";

  private static final int MOST_ORDER = 10;
  private static final int MOST_ROUNDS = 1 << 20;

  private FrameFill() {}

  static List<Parameter> parameters(long rounds) {
    return List.of(
        new Parameter("order", 0, 0, MOST_ORDER, "order of each block"),
        new Parameter("rounds", rounds, 1, MOST_ROUNDS, "rounds"));
  }

  static int order(RunSpec run) {
    return run.parameters().count("order");
  }

  /** {@return blocks of each thread: half the free memory, shared equally; at least 1} */
  static int blocks(RunSpec run) {
    return Math.toIntExact(Math.max(1, (run.frames() / 2 / run.threads()) >> order(run)));
  }

  static void fill(long[] blocks, int order, FrameClient client) {
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = client.allocate(order);
    }
  }

  /** Frees all, the last first. */
  static void empty(long[] blocks, int order, FrameClient client) {
    for (int i = blocks.length - 1; i >= 0; i--) {
      client.free(blocks[i], order);
    }
  }

  static void countHeld(long[] blocks, int order, FrameClient client) {
    client.count(HELD, (long) blocks.length << order);
  }
}
