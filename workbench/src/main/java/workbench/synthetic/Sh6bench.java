package workbench.synthetic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MicroQuill's sh6bench: many more small blocks than large ones, collected in a buffer; whenever it
 * is full, a part is kept and the rest freed, that in front in the order of its birth, that behind
 * in the reverse order.
 */
/*
 * Each round passes through rising sizes, about half as large again each, and for each halves the
 * size until nothing is left of it; of sizes below 10000, 1000 and 100 bytes there are 10, 50 and
 * 250 blocks each. The part that is kept moves on by a fifth of the buffer each time. Nothing is
 * random; threads do not share blocks.
 */
final class Sh6bench implements HeapGenerator {
  private static final int MOST = 1 << 24;
  private static final int KEPT = 5; // a fifth of the buffer

  @Override
  public String name() {
    return "sh6bench";
  }

  @Override
  public String description() {
    return "Many small blocks and few large ones, part of which is freed in the order of birth,"
        + " part in reverse: coalescing, and stacks of free blocks. Nothing is random.";
  }

  @Override
  public String source() {
    return "MicroQuill, SmartHeap's benchmark SH6BENCH, as in mimalloc-bench";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("calls", 60, 1, MOST, "rounds"),
        new Parameter("buffer", 20_000, KEPT, MOST, "blocks in the buffer"),
        new Parameter("max", 1000, 1, MOST, "largest size in bytes, not reached"));
  }

  @Override
  public List<Part<HeapClient>> parts(RunSpec run) {
    return run.parts(thread -> client -> new Buffer(run.parameters(), client).run());
  }

  /** {@return how many blocks of a size are asked for in a row} */
  static int inARow(long size) {
    if (size < 100) {
      return 250;
    }
    return size < 1000 ? 50 : size < 10_000 ? 10 : 1;
  }

  /** The buffer of one thread. */
  private static final class Buffer {
    private final @Nullable Block[] blocks;
    private final long calls;
    private final long most;
    private final HeapClient client;
    private int next;
    private int keptFrom;
    private int keptTo;

    Buffer(Parameters parameters, HeapClient client) {
      this.blocks = new Block[parameters.count("buffer")];
      this.calls = parameters.get("calls");
      this.most = parameters.get("max");
      this.client = client;
    }

    void run() {
      for (long call = 0; call < calls; call++) {
        for (long base = 1; base < most; base = base * 3 / 2 + 1) {
          for (long size = base; size > 0; size /= 2) {
            row(size);
          }
        }
      }
      for (int i = 0; i < blocks.length; i++) {
        free(i);
      }
    }

    private void row(long size) {
      for (int i = inARow(size); i > 0; i--) {
        blocks[next] = client.allocate(size);
        next++;
        if (next == keptFrom && keptTo > keptFrom) {
          next = keptTo;
        }
        if (next >= blocks.length) {
          sweep();
        }
      }
    }

    private void sweep() {
      keptFrom = keptTo >= blocks.length ? 0 : keptTo;
      keptTo = Math.min(blocks.length, keptFrom + blocks.length / KEPT);
      for (int i = 0; i < keptFrom; i++) {
        free(i);
      }
      for (int i = blocks.length - 1; i >= keptTo; i--) {
        free(i);
      }
      next = keptFrom == 0 ? keptTo : 0;
    }

    private void free(int at) {
      Block block = blocks[at];
      if (block != null) {
        client.free(block);
        blocks[at] = null;
      }
    }
  }
}
