package workbench.answers;

import hardware.api.PageFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kernel.api.BootedSystem;
import kernel.api.Task;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FramePort;

/** Mappings at chosen addresses, and the page tables that they need. */
final class Scatter {
  /** Where mappings begin. */
  static final long BASE = 1L << 40;

  private static final int PAGE = 4096;
  private static final int HALF_BITS = 47;

  private Scatter() {}

  /** {@return addresses at equal distances} */
  static List<Long> every(long distance, int count) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(BASE + i * distance);
    }
    return all;
  }

  /** {@return addresses at random in the lower half, at multiples of a mapping's size} */
  static List<Long> random(int count, int pages) {
    Random random = new Random(1);
    List<Long> all = new ArrayList<>();
    long unit = (long) pages * PAGE;
    for (int i = 0; i < count; i++) {
      all.add(unit + Math.floorMod(random.nextLong(), (1L << HALF_BITS) / unit - 2) * unit);
    }
    return all;
  }

  /**
   * {@return frames of page tables, the root left out, when so many pages are mapped at each
   * address; all of it is unmapped again}
   */
  static long tables(BootedSystem system, List<Long> addresses, int pages) {
    try (FramePort port = system.frames().open(0);
        Task task = system.createTask("scatter")) {
      long frame = port.allocate(0, FrameFlags.MOVABLE);
      if (frame == FrameEngine.NONE) {
        throw new AnswerException("scattered mappings", "no frame");
      }
      long before = task.space().tableFrames();
      for (long address : addresses) {
        for (int i = 0; i < pages; i++) {
          task.space().map(address + (long) i * PAGE, frame, 1, PageFlags.USER_DATA);
        }
      }
      long tables = task.space().tableFrames() - before;
      for (long address : addresses) {
        task.space().unmap(address, pages, (at, first, count, entry) -> {});
      }
      port.free(frame, 0);
      return tables;
    }
  }
}
