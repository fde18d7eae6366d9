package workbench.load;

import allocator.api.CorruptionException;
import java.util.SplittableRandom;

/**
 * Made-up calls: blocks with heavy-tailed sizes are born, resized, looked at, exchanged with other
 * threads and freed, and the live set moves as the shape says.
 */
final class SyntheticWork implements Work {
  private static final int PERCENT = 100;

  /** Out of a hundred births: the rest are plain allocations. */
  private static final int ZEROED_PERCENT = 10;

  private static final int ALIGNED_PERCENT = 4;
  private static final long LEAST_ALIGN = 16;
  private static final int ALIGN_STEPS = 9; // 16 to 4096 bytes, a page

  /** From so many of the youngest blocks one is taken, if a young one is to be. */
  private static final int YOUNG = 8;

  /** Steps of a wave per block of its top: time to climb there and come down again. */
  private static final long STEPS_PER_BLOCK = 8;

  /** Sizes have a Pareto distribution with this exponent and scale, less the scale. */
  private static final double EXPONENT = 1.1;

  private static final double SCALE = 16;

  private final Client client;
  private final Exchange exchange;
  private final LoadShape shape;
  private final Bounds bounds;
  private final SplittableRandom random;
  private final Blocks held = new Blocks();
  private int live;
  private long bytes;
  private long steps;

  SyntheticWork(Client client, Exchange exchange, LoadShape shape, Bounds bounds, long seed) {
    this.client = client;
    this.exchange = exchange;
    this.shape = shape;
    this.bounds = bounds;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public boolean step() {
    steps++;
    int growth = live < wanted() ? shape.growth : PERCENT - shape.growth;
    if (live == 0 || random.nextInt(PERCENT) < growth) {
      birth();
    } else {
      change();
    }
    return true;
  }

  @Override
  public void drain() {
    while (live > 0 && end(live - 1)) {
      // the last first: nothing has to be moved
    }
  }

  /** Takes over what is left in the exchange, and frees it; no other thread works any more. */
  void drainExchange() {
    boolean freed = true;
    for (int slot = 0; slot < exchange.slots() && freed; slot++) {
      held.reserve(live + 1);
      held.clear(live);
      exchange.swap(slot, held, live);
      if (held.address(live) != 0) {
        keep();
        freed = end(live - 1);
      }
    }
  }

  /** {@return the number of blocks held} */
  int live() {
    return live;
  }

  /**
   * Recounts what is held.
   *
   * @return the number of facts checked
   * @throws CorruptionException if a count is wrong or a bound is exceeded
   */
  long checkInvariants() {
    long sum = 0;
    for (int i = 0; i < live; i++) {
      require(held.address(i) != 0, "entry " + i + " of " + live + " has no block");
      sum += held.bytes(i);
    }
    require(sum == bytes, "blocks have " + sum + " bytes, not " + bytes);
    require(bytes <= bounds.bytes(), bytes + " bytes are more than " + bounds.bytes());
    require(live <= bounds.blocks(), live + " blocks are more than " + bounds.blocks());
    return live + 3L;
  }

  private static void require(boolean fact, String text) {
    if (!fact) {
      throw new CorruptionException("load: " + text);
    }
  }

  /** The live set that is aimed for: a triangle between the trough and the bound. */
  private long wanted() {
    long period = STEPS_PER_BLOCK * bounds.blocks();
    double at = (double) (steps % period) / period;
    double height = 1 - Math.abs(2 * at - 1);
    return (long) Math.ceil(bounds.blocks() * (shape.trough + (1 - shape.trough) * height));
  }

  private void birth() {
    long size = size();
    if (live >= bounds.blocks() || size > bounds.bytes() - bytes) {
      if (live > 0) {
        end(pick());
      }
      return;
    }
    held.reserve(live + 1);
    if (born(random.nextInt(PERCENT), size)) {
      keep();
    }
  }

  private boolean born(int kind, long size) {
    if (kind < ZEROED_PERCENT) {
      return client.allocateZeroed(held, live, size);
    } else if (kind < ZEROED_PERCENT + ALIGNED_PERCENT) {
      return client.allocateAligned(held, live, LEAST_ALIGN << random.nextInt(ALIGN_STEPS), size);
    }
    return client.allocate(held, live, size);
  }

  private void change() {
    int kind = random.nextInt(PERCENT);
    int index = pick();
    if (kind < shape.looked) {
      client.look(held, index);
    } else if (kind < shape.looked + shape.resized) {
      resize(index);
    } else if (kind < shape.looked + shape.resized + shape.exchanged) {
      exchange(index);
    } else {
      end(index);
    }
  }

  private void resize(int index) {
    long size = size();
    long old = held.bytes(index);
    if (size - old > bounds.bytes() - bytes) {
      end(index);
    } else if (client.resize(held, index, index, size)) {
      bytes += size - old;
    }
  }

  /** Leaves a block to others, and frees the one that they left. */
  private void exchange(int index) {
    long own = held.bytes(index);
    if (own > bounds.largestInSlot()
        || exchange.slots() == 0
        || !exchange.swap(random.nextInt(exchange.slots()), held, index)) {
      end(index);
      return;
    }
    bytes += held.bytes(index) - own;
    if (held.address(index) == 0) {
      remove(index);
    } else {
      end(index);
    }
  }

  /** Frees a block. {@return false if it had to be kept} */
  private boolean end(int index) {
    long size = held.bytes(index);
    boolean freed = client.free(held, index, random.nextBoolean());
    if (freed) {
      bytes -= size;
      remove(index);
    }
    return freed;
  }

  /** Counts the block behind the last as held. */
  private void keep() {
    bytes += held.bytes(live);
    live++;
  }

  private void remove(int index) {
    live--;
    held.copy(index, held, live);
    held.clear(live);
  }

  private int pick() {
    return random.nextInt(PERCENT) < shape.young
        ? live - 1 - random.nextInt(Math.min(YOUNG, live))
        : random.nextInt(live);
  }

  private long size() {
    double pareto = SCALE / Math.pow(1 - random.nextDouble(), 1 / EXPONENT) - SCALE;
    return Math.min((long) pareto, bounds.largest());
  }
}
