package kernel.boot;

import hardware.api.HostMemoryException;
import hardware.api.PhysicalMemory;
import kernel.backing.FrameMeter;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;

/**
 * Has the host set pages aside for the frames that the machine is going to use first.
 *
 * <p>A real machine's RAM is there when it is switched on. Ours is a sparse file, and the host
 * takes about a microsecond per page when it is touched for the first time, which would show in the
 * time of the allocator that happens to touch it. So the first frames are made ready during boot:
 * blocks are taken from physmem as the heap will take them, supplied, and given back.
 */
final class ReadyRam {
  private static final long MOST_BLOCKS = 1 << 20; // an array of 8 MiB; 64 GiB at the usual order

  private ReadyRam() {}

  /**
   * Makes frames ready, as far as physmem and the host have them to spare.
   *
   * @param bytes how many bytes of frames
   * @param order the order of the blocks that will be taken
   * @return what was made ready, for the boot log
   */
  static String make(PhysicalMemory memory, FrameMeter frames, long bytes, int order) {
    long wanted = (bytes / memory.pageBytes()) >> order;
    long[] blocks = new long[Math.toIntExact(Math.min(MOST_BLOCKS, wanted))];
    int taken = 0;
    String shortage = "";
    try {
      while (taken < blocks.length) {
        long frame = frames.takeBacking(order, FrameFlags.UNMOVABLE);
        if (frame == FrameEngine.NONE) {
          break;
        }
        blocks[taken++] = frame;
        memory.supply(frame, 1L << order);
      }
    } catch (HostMemoryException e) {
      shortage = "; the host has no more: " + e.getMessage();
    } finally {
      giveBack(frames, blocks, taken, order);
    }
    return "%d KiB of RAM have their pages on the host%s"
        .formatted(((long) taken * memory.pageBytes() << order) >> 10, shortage);
  }

  // The last one first, so that the lists stand as they stood.
  private static void giveBack(FrameMeter frames, long[] blocks, int taken, int order) {
    for (int i = taken - 1; i >= 0; i--) {
      frames.giveBacking(blocks[i], order);
    }
    frames.resetPeaks();
  }
}
