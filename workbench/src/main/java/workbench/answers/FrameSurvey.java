package workbench.answers;

import allocator.api.Tier;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FramePort;

/**
 * What a frame allocator makes of a machine: all of it is handed out once, large blocks first, and
 * the machine is then switched off.
 *
 * @param spans usable spans of the machine
 * @param free frames that are free after boot
 * @param metadata bytes of metadata after boot
 * @param fitting aligned blocks of 2 MiB that lie in what the allocator was given, whoever holds
 *     them
 * @param longest the most frames in a row that it was given
 * @param run the longest run that it handed out, tried by bisection
 * @param large blocks of 2 MiB that it handed out
 * @param small single frames that it handed out after them
 * @param steps what it looked at while it handed out the large blocks; -1 if it does not count
 * @param fullMetadata bytes of metadata when everything was handed out
 */
record FrameSurvey(
    int spans,
    long free,
    long metadata,
    long fitting,
    long longest,
    long run,
    long large,
    long small,
    long steps,
    long fullMetadata) {
  /** The order of a block of 2 MiB. */
  static final int ORDER = 9;

  private static final long BLOCK = 1L << ORDER;
  private static final int BULK = 4096;

  /** {@return a survey of a machine that is booted for it} */
  static FrameSurvey of(Lab lab, BootSpec spec) {
    try (BootedSystem system = lab.boot(spec)) {
      return survey(system);
    }
  }

  private static FrameSurvey survey(BootedSystem system) {
    system.purge();
    long free = system.frames().freeFrames();
    long metadata = system.frameMetadataBytes();
    long[] given = given(system);
    try (FramePort port = system.frames().open(0)) {
      long run = longestRun(port, given[1]);
      long before = steps(system);
      long large = takeAll(port, ORDER);
      long steps = before < 0 ? -1 : steps(system) - before;
      long small = takeAll(port, 0);
      long full = system.frameMetadataBytes();
      return new FrameSurvey(
          system.machine().map().usable().size(),
          free,
          metadata,
          given[0],
          given[1],
          run,
          large,
          small,
          steps,
          full);
    }
  }

  // Aligned blocks, and the longest row of frames, of what the provider was given.
  private static long[] given(BootedSystem system) {
    long[] found = new long[2];
    system.managed(
        Tier.PHYSMEM,
        (base, frames, attributes) -> {
          long first = Math.ceilDiv(base, BLOCK);
          found[0] += Math.max(0, Math.floorDiv(base + frames, BLOCK) - first);
          found[1] = Math.max(found[1], frames);
          return true;
        });
    return found;
  }

  private static long longestRun(FramePort port, long most) {
    long good = 0;
    long bad = most + 1;
    while (bad - good > 1) {
      long middle = good + (bad - good) / 2;
      long frame = port.allocateContiguous(middle, FrameConstraints.ANYWHERE, FrameFlags.MOVABLE);
      if (frame == FrameEngine.NONE) {
        bad = middle;
      } else {
        port.freeRange(frame, middle);
        good = middle;
      }
    }
    return good;
  }

  private static long takeAll(FramePort port, int order) {
    long sum = 0;
    long[] bulk = new long[BULK];
    while (true) {
      int count = port.allocateBulk(order, FrameFlags.MOVABLE, bulk, 0, BULK);
      if (count == 0) {
        return sum;
      }
      sum += count;
    }
  }

  private static long steps(BootedSystem system) {
    return system.figures(Tier.PHYSMEM).stream()
        .filter(figure -> figure.name().equals("words_searched") || figure.name().equals("search"))
        .mapToLong(figure -> figure.value())
        .findFirst()
        .orElse(-1);
  }

  /** {@return large blocks that would fit and were not to be had} */
  long missing() {
    return fitting - large;
  }

  /** {@return frames that are free and were not to be had} */
  long lost() {
    return free - BLOCK * large - small;
  }
}
