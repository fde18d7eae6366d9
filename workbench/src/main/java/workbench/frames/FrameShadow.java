package workbench.frames;

import hardware.api.map.UsableSpan;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import kernel.api.BootedSystem;
import physmem.api.FrameAllocator;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import workbench.Findings;

/**
 * What must hold of the blocks that a frame allocator hands out, kept beside it: a block is aligned
 * to its size, lies in RAM and below its zone's limit, shares no frame with a live one; and the
 * number of free frames falls and rises by its size.
 */
final class FrameShadow {
  private static final long DMA32_BYTES = 1L << 32;
  private static final long DMA_BYTES = 1L << 24;

  private final Findings findings = new Findings();
  private final BitSet live = new BitSet();
  private final NavigableMap<Long, Long> endOfRam = new TreeMap<>();
  private final FrameAllocator frames;
  private final boolean alone;
  private final int pageBytes;
  private long free;

  /**
   * Makes a shadow.
   *
   * @param system the machine before the first event
   * @param alone whether nobody else calls the tier, so that free frames can be compared
   */
  FrameShadow(BootedSystem system, boolean alone) {
    this.frames = system.frames();
    this.alone = alone;
    this.pageBytes = system.machine().memory().pageBytes();
    this.free = frames.freeFrames();
    List<UsableSpan> ram = system.machine().map().usable();
    ram.forEach(span -> endOfRam.put(span.start() / pageBytes, span.end() / pageBytes));
  }

  Findings findings() {
    return findings;
  }

  /**
   * Compares one event with what must hold.
   *
   * @param frame the first frame of the block that was allocated or freed, or {@code NONE}
   */
  void look(FrameBatch batch, int event, long frame) {
    String name = "block " + batch.id[event];
    long size = 1L << batch.order[event];
    if (frame != FrameEngine.NONE && batch.allocates[event]) {
      born(name, frame, size, batch.flags[event]);
      free -= size;
    } else if (frame != FrameEngine.NONE) {
      live.clear((int) frame, (int) (frame + size));
      free += size;
    }
    compareFree(name);
  }

  private void compareFree(String name) {
    long counted = alone ? frames.freeFrames() : free;
    if (counted != free) {
      findings.add(
          "%s: %d frames are free after it, not the %d expected".formatted(name, counted, free));
      free = counted;
    }
  }

  private void born(String name, long frame, long size, int flags) {
    String where = "%s: %d frames at frame %d ".formatted(name, size, frame);
    Map.Entry<Long, Long> ram = endOfRam.floorEntry(frame);
    if (ram == null || frame + size > ram.getValue()) {
      findings.add(where + "are not all RAM");
      return;
    }
    if ((frame & (size - 1)) != 0) {
      findings.add(where + "are not aligned to their size");
    }
    if (frame + size > limit(flags) / pageBytes) {
      findings.add(where + "lie above the zone asked for");
    }
    int taken = live.nextSetBit((int) frame);
    if (taken >= 0 && taken < frame + size) {
      findings.add(where + "overlap a live block at frame " + taken);
    }
    live.set((int) frame, (int) (frame + size));
  }

  private static long limit(int flags) {
    int zone = flags & FrameFlags.ZONE_MASK;
    if (zone == FrameFlags.DMA) {
      return DMA_BYTES;
    }
    return zone == FrameFlags.DMA32 ? DMA32_BYTES : Long.MAX_VALUE;
  }
}
