package workbench.age;

import java.util.SplittableRandom;
import physmem.api.FrameFlags;

/** What frames are asked for, with how much of a day's churn it makes up, and for how long. */
enum Purpose {
  /** A program's memory: comes in groups that go at once when the program ends. */
  PROGRAM(0.55, FrameFlags.MOVABLE),
  /** Files that were read: stay until their frames are wanted for something else. */
  PAGE_CACHE(0.30, FrameFlags.MOVABLE),
  /** Directory entries and inodes: as the page cache, but cannot be moved. */
  DENTRIES(0.06, FrameFlags.RECLAIMABLE),
  /** The kernel's buffers, stacks and slabs that soon go. */
  KERNEL_BRIEF(0.06, FrameFlags.UNMOVABLE),
  /** The kernel's tables and slabs that stay for days or months. */
  KERNEL_LASTING(0.03, FrameFlags.UNMOVABLE);

  /** An hour has two ticks. */
  static final int TICKS_OF_DAY = 48;

  private static final double BRIEF_MEAN = 2;
  private static final double PROGRAM_MEAN = 4;
  private static final double DAEMON_MEAN = 3.0 * TICKS_OF_DAY;
  private static final double DAEMON_SHARE = 0.1;
  private static final double LASTING_LEAST = TICKS_OF_DAY / 4.0;
  private static final double LASTING_EXPONENT = 1.2;
  private static final double LASTING_MOST = 180.0 * TICKS_OF_DAY;

  private static final double[] KERNEL_ORDERS = {0.60, 0.25, 0.10, 0.05};
  private static final int READAHEAD_ORDERS = 6; // 0 to 5: up to 128 KiB

  final double share;
  final int mobility;

  Purpose(double share, int mobility) {
    this.share = share;
    this.mobility = mobility;
  }

  /** {@return whether it stays until something else needs the frames} */
  boolean isCache() {
    return this == PAGE_CACHE || this == DENTRIES;
  }

  /** {@return the order of the next block of a request, but for huge ones} */
  int order(SplittableRandom random) {
    return switch (this) {
      case PROGRAM -> 0;
      case PAGE_CACHE -> random.nextInt(READAHEAD_ORDERS);
      case DENTRIES, KERNEL_BRIEF, KERNEL_LASTING -> weighted(random.nextDouble());
    };
  }

  private static int weighted(double draw) {
    double left = draw;
    int order = 0;
    while (order < KERNEL_ORDERS.length - 1 && left >= KERNEL_ORDERS[order]) {
      left -= KERNEL_ORDERS[order];
      order++;
    }
    return order;
  }

  /** {@return how long what is asked for stays, in ticks, at least 1; not for caches} */
  long lifetime(SplittableRandom random) {
    double draw = 1 - random.nextDouble(); // above 0
    double ticks =
        switch (this) {
          case PROGRAM ->
              -Math.log(draw) * (random.nextDouble() < DAEMON_SHARE ? DAEMON_MEAN : PROGRAM_MEAN);
          case KERNEL_LASTING ->
              Math.min(LASTING_MOST, LASTING_LEAST * Math.pow(draw, -1 / LASTING_EXPONENT));
          case PAGE_CACHE, DENTRIES, KERNEL_BRIEF -> -Math.log(draw) * BRIEF_MEAN;
        };
    return Math.max(1, Math.round(ticks));
  }
}
