package physmem.buddy;

import static physmem.buddy.Geometry.NONE;

import allocator.api.Statistic;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import physmem.api.FrameFlags;

/**
 * What a request does when its best zone is not well above the low watermark: passes over its
 * zones, each going further down than the one before. Safe for use by several threads.
 */
final class SlowPath {
  private final ZoneTable table;
  private final boolean defragMode;
  private final boolean enforce;
  private final int[] types;
  private final LongAdder calls = new LongAdder();
  private final LongAdder belowLow = new LongAdder();
  private final LongAdder belowMin = new LongAdder();
  private final LongAdder failures = new LongAdder();

  SlowPath(BuddySettings settings, ZoneTable table, int[] types) {
    this.table = table;
    this.defragMode = settings.defragMode();
    this.enforce = settings.enforce();
    this.types = types;
  }

  /** How far down a pass may go. */
  private enum Level {
    HOME, // to the low watermark, on the preferred node, without scattering types
    LOW,
    MIN,
    ATOMIC,
    NOTHING;

    long mark(Watermarks marks) {
      return switch (this) {
        case HOME, LOW -> marks.low();
        case MIN -> marks.min();
        case ATOMIC -> marks.atomicMin();
        case NOTHING -> NONE;
      };
    }
  }

  /**
   * Allocates a block.
   *
   * @param list where the request may go
   * @param cpu index of the calling CPU
   * @param code order and mobility, as {@link LiveFrames} notes them down
   * @param flags the request's flags
   * @return the first frame, or NONE
   */
  long allocate(Zonelist list, int cpu, int code, int flags) {
    calls.increment();
    boolean patient = (flags & FrameFlags.NO_RETRY) == 0;
    long frame = allocateAboveLow(list, cpu, code, defragMode || !patient);
    if (frame == NONE) {
      belowLow.increment();
      Level level = (flags & FrameFlags.ATOMIC) == 0 ? Level.MIN : Level.ATOMIC;
      frame = pass(list, cpu, code, level, defragMode || !patient);
      frame = frame == NONE && patient ? allocateLast(list, cpu, code, level) : frame;
    }
    if (frame == NONE) {
      failures.increment();
    }
    return frame;
  }

  private long allocateAboveLow(Zonelist list, int cpu, int code, boolean wholeOnly) {
    long frame = list.gentle() ? pass(list, cpu, code, Level.HOME, true) : NONE;
    return frame == NONE ? pass(list, cpu, code, Level.LOW, wholeOnly) : frame;
  }

  /** Types may scatter now; without enforcement the watermarks count no more. */
  private long allocateLast(Zonelist list, int cpu, int code, Level level) {
    Level last = enforce ? level : Level.NOTHING;
    long frame = pass(list, cpu, code, last, false);
    if (frame == NONE && table.cached() != 0) {
      table.drainAll();
      frame = pass(list, cpu, code, last, false);
    }
    if (frame != NONE && last == Level.NOTHING) {
      belowMin.increment();
    }
    return frame;
  }

  private long pass(Zonelist list, int cpu, int code, Level level, boolean wholeOnly) {
    int order = LiveFrames.order(code);
    int type = types[LiveFrames.mobility(code)];
    for (int place = 0; place < list.length(); place++) {
      Zone zone = list.zone(place);
      if (level == Level.HOME && zone.node() != list.first().node()) {
        return NONE; // rather scatter types at home than go to another node
      }
      if (zone.admits(order, level.mark(zone.marks()), list.highest())) {
        long frame = zone.take(cpu, order, type, code, wholeOnly);
        if (frame != NONE) {
          return frame;
        }
      }
    }
    return NONE;
  }

  List<Statistic> statistics() {
    return List.of(
        new Statistic("alloc_slow", calls.sum(), "calls"),
        new Statistic("alloc_below_low", belowLow.sum(), "calls"),
        new Statistic("alloc_below_min", belowMin.sum(), "calls"),
        new Statistic("alloc_fail", failures.sum(), "calls"));
  }
}
