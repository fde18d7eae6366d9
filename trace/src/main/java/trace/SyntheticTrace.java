package trace;

import java.util.Arrays;
import trace.table.SlotTable;

/**
 * A made-up trace: the same seed and shape give the same events on every machine. Sizes are heavy
 * tailed, the number of live blocks swells and shrinks in waves, most blocks die young, and with
 * several threads a block is often freed by another thread than the one that allocated it. It
 * resembles no program; it is for demonstrations and for tests that need many events of every kind.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class SyntheticTrace implements EventSource {
  /** Steps of SplitMix64 (Steele, Lea, Flood 2014), whose sequence is the same on every JDK. */
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private static final int PERCENT = 100;

  /** Out of a hundred births: the rest are plain allocations. */
  private static final int ZEROED_PERCENT = 10;

  private static final int ALIGNED_PERCENT = 4;
  private static final int RESIZED_PERCENT = 9;

  /** Two of three deaths hit one of the youngest blocks: most blocks of real programs die young. */
  private static final int YOUNG = 8;

  /** A thread runs for this many events on average. */
  private static final int EVENTS_PER_TURN = 50;

  private final Shape shape;
  private final long seed;
  private final SlotTable blocks = new SlotTable();
  private long[] liveIds = new long[1024];
  private int live;
  private long state;
  private long nextId;
  private long operations;
  private long events;
  private int thread;

  /**
   * How large the trace is.
   *
   * @param operations number of operations, at least 0
   * @param threads number of threads, at least 1
   * @param peakBlocks about how many blocks are live at the top of a wave, 1 to 2^24
   * @param waves how often the live set swells and shrinks, at least 1
   * @param largestBytes size of the largest block, at least 1 and at most 2^48
   */
  public record Shape(long operations, int threads, int peakBlocks, int waves, long largestBytes) {
    /** Checks the ranges. */
    public Shape {
      check("operations", operations, 0, Long.MAX_VALUE);
      check("threads", threads, 1, QuarryReader.THREAD_LIMIT);
      check("peakBlocks", peakBlocks, 1, 1 << 24);
      check("waves", waves, 1, Integer.MAX_VALUE);
      check("largestBytes", largestBytes, 1, 1L << 48);
    }

    private static void check(String what, long value, long least, long most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            what + " " + value + " is not in " + least + " .. " + most);
      }
    }
  }

  /**
   * Creates a trace before its first event.
   *
   * @param seed any value
   * @param shape how large it is
   */
  public SyntheticTrace(long seed, Shape shape) {
    this.seed = seed;
    this.shape = shape;
    this.state = seed;
  }

  @Override
  public boolean read(EventBatch batch) {
    batch.begin(events);
    while (!batch.isFull() && operations < shape.operations()) {
      step(batch);
    }
    batch.end(blocks.limit());
    events += batch.length;
    return batch.length > 0;
  }

  @Override
  public String program() {
    return "synthetic-" + seed;
  }

  /** Returns the number of operations yielded so far. */
  @Override
  public long position() {
    return operations;
  }

  @Override
  public long total() {
    return shape.operations();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  private void step(EventBatch batch) {
    if (shape.threads() > 1 && below(EVENTS_PER_TURN) == 0) {
      thread = below(shape.threads());
      batch.add(EventBatch.THREAD, EventBatch.NO_SLOT, -1, 0, thread);
      return;
    }
    operations++;
    boolean grow = below(PERCENT) < (live < wanted() ? 70 : 30);
    if (live == 0 || grow) {
      birth(batch);
    } else if (below(PERCENT) < RESIZED_PERCENT) {
      resize(batch);
    } else {
      long id = pick();
      batch.add(EventBatch.FREE, blocks.death(id), id, 0, thread);
    }
  }

  /** The live set that is aimed for: a triangle between an eighth of the peak and the peak. */
  private long wanted() {
    double wave = (double) operations / Math.max(1, shape.operations()) * shape.waves();
    double height = 1 - Math.abs(2 * (wave - Math.floor(wave)) - 1);
    return (long) (shape.peakBlocks() * (0.125 + 0.875 * height));
  }

  private void birth(EventBatch batch) {
    long id = nextId;
    nextId++;
    int slot = blocks.birth(id, id);
    keep(id);
    long size = size();
    int kind = below(PERCENT);
    if (kind < ZEROED_PERCENT) {
      long count = 1L + below(16);
      long each = size / count;
      batch.add(EventBatch.ZEROED, slot, EventBatch.NO_SLOT, id, each, count, thread);
    } else if (kind < ZEROED_PERCENT + ALIGNED_PERCENT) {
      long alignment = 16L << below(9);
      batch.add(EventBatch.ALIGNED, slot, EventBatch.NO_SLOT, id, size, alignment, thread);
    } else {
      batch.add(EventBatch.ALLOCATE, slot, id, size, thread);
    }
  }

  private void resize(EventBatch batch) {
    long old = pick();
    int dying = blocks.death(old);
    long id = nextId;
    nextId++;
    int slot = blocks.birth(id, id);
    keep(id);
    batch.add(EventBatch.RESIZE, slot, dying, id, size(), old, thread);
  }

  /** A Pareto distribution with exponent 1.1 and scale 16, cut off at the largest size. */
  private long size() {
    double uniform = (next() >>> 11) * 0x1.0p-53;
    double pareto = 16 / Math.pow(1 - uniform, 1 / 1.1) - 16;
    return Math.min((long) pareto, shape.largestBytes());
  }

  private void keep(long id) {
    if (live == liveIds.length) {
      liveIds = Arrays.copyOf(liveIds, live * 2);
    }
    liveIds[live] = id;
    live++;
  }

  /** Takes a live block out of the list: often one of the last, else any. */
  private long pick() {
    int index = below(3) > 0 ? live - 1 - below(Math.min(YOUNG, live)) : below(live);
    long id = liveIds[index];
    live--;
    liveIds[index] = liveIds[live];
    return id;
  }

  private int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  private long next() {
    state += GAMMA;
    long z = (state ^ (state >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
