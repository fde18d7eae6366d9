package bench;

import heap.api.HeapEngine;
import heap.api.HeapPort;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import kernel.api.BootedSystem;
import physmem.api.FrameEngine;
import physmem.api.FramePort;
import vmem.api.AddressArena;
import vmem.api.FitPolicy;

/**
 * What one client thread holds of a tier: a number of places, each empty or with a live range.
 *
 * <p>Not safe for use by several threads at once.
 */
abstract class Tenant {
  private static final long EMPTY = -1;

  private final long[] ranges;

  Tenant(int places) {
    ranges = new long[places];
    Arrays.fill(ranges, EMPTY);
  }

  /** Takes a range for a place, or answers what the tier answers when it has none. */
  abstract long allocate(int place);

  /** Gives the range of a place back. */
  abstract void free(int place, long range);

  /** {@return the number of places} */
  final int places() {
    return ranges.length;
  }

  /** Fills an empty place. */
  final void take(int place) {
    ranges[place] = allocate(place);
  }

  /** Empties a full place. */
  final void give(int place) {
    long range = ranges[place];
    ranges[place] = EMPTY;
    free(place, range);
  }

  /** Exchanges every range for a new one, so that whoever serves now has handed all of them out. */
  final void refill() {
    for (int i = 0; i < ranges.length; i++) {
      if (ranges[i] != EMPTY) {
        give(i);
      }
      take(i);
    }
  }

  /** Gives everything back. */
  final void leave() {
    for (int i = 0; i < ranges.length; i++) {
      if (ranges[i] != EMPTY) {
        give(i);
      }
    }
  }

  private static long required(long range, long none) {
    if (range == none) {
      throw new IllegalStateException(
          "the tier is exhausted; the benchmark's machine is too small");
    }
    return range;
  }

  /** Blocks of 16 to 256 bytes. */
  static final class Blocks extends Tenant {
    private static final int LEAST = 16;
    private static final int MOST = 256;

    private final HeapPort port;
    private final RandomGenerator random;

    Blocks(BootedSystem system, int places, int cpu) {
      super(places);
      this.port = system.heap().open(cpu % system.machine().cpus());
      this.random = new Random(cpu);
    }

    /** A block and back at once. */
    void pair(int bytes) {
      port.free(port.allocate(bytes));
    }

    @Override
    long allocate(int place) {
      return required(port.allocate(random.nextInt(LEAST, MOST + 1)), HeapEngine.NULL);
    }

    @Override
    void free(int place, long range) {
      port.free(range);
    }
  }

  /** Address ranges of one to four pages. */
  static final class Ranges extends Tenant {
    private final AddressArena arena;
    private final int cpu;

    Ranges(AddressArena arena, int places, int cpu) {
      super(places);
      this.arena = arena;
      this.cpu = cpu;
    }

    private long bytes(int place) {
      return arena.spec().quantum() * (1 + (place & 3));
    }

    @Override
    long allocate(int place) {
      return required(arena.allocate(cpu, bytes(place), FitPolicy.INSTANT), AddressArena.NONE);
    }

    @Override
    void free(int place, long range) {
      arena.free(cpu, range, bytes(place));
    }
  }

  /** Single page frames. */
  static final class Frames extends Tenant {
    private final FramePort port;

    Frames(BootedSystem system, int places, int cpu) {
      super(places);
      this.port = system.frames().open(cpu % system.machine().cpus());
    }

    @Override
    long allocate(int place) {
      return required(port.allocate(0, 0), FrameEngine.NONE);
    }

    @Override
    void free(int place, long range) {
      port.free(range, 0);
    }
  }
}
