package physmem.buddy;

import allocator.api.MisuseException;
import java.util.List;
import physmem.api.FrameZone;

/**
 * All zones of a machine, and which frame belongs to which. Immutable, so safe for all threads.
 *
 * <p>Frames are looked up in <i>stretches</i>: runs of addresses, holes included, in which all RAM
 * is of one zone. A machine has about as many stretches as zones.
 */
final class ZoneTable {
  private final List<FrameZone> layout;
  private final List<Zone> zones;
  private final long[] starts; // first frame of each stretch, rising
  private final Zone[] owners; // the zone of each stretch

  /**
   * Makes the table.
   *
   * @param layout every zone of every node, empty ones included
   * @param zones the zones by index
   * @param starts first frame of each stretch, rising
   * @param owners the zone of each stretch
   */
  ZoneTable(List<FrameZone> layout, List<Zone> zones, long[] starts, Zone[] owners) {
    this.layout = List.copyOf(layout);
    this.zones = List.copyOf(zones);
    this.starts = starts.clone();
    this.owners = owners.clone();
  }

  /** {@return every zone of every node as it was at boot, by node, empty ones included} */
  List<FrameZone> layout() {
    return layout;
  }

  List<Zone> zones() {
    return zones;
  }

  int stretches() {
    return starts.length;
  }

  Zone owner(int stretch) {
    return owners[stretch];
  }

  long startOf(int stretch) {
    return starts[stretch];
  }

  /** {@return the frame behind a stretch: where the next begins, or the end of its zone's table} */
  long endOf(int stretch) {
    FreeBlocks free = owners[stretch].free();
    long end = free.table().frameOf(free.table().blocks());
    return stretch + 1 == starts.length ? end : Math.min(end, starts[stretch + 1]);
  }

  /** {@return the stretch that a frame is in, or -1 if no zone reaches there} */
  int stretchOf(long frame) {
    int stretch = starts.length - 1;
    while (stretch >= 0 && frame < starts[stretch]) {
      stretch--;
    }
    return stretch >= 0 && owners[stretch].live().covers(frame) ? stretch : -1;
  }

  /**
   * {@return the zone of a frame}
   *
   * @throws MisuseException if no zone reaches there
   */
  Zone zoneOf(long frame) {
    int stretch = stretchOf(frame);
    if (stretch < 0) {
      throw new MisuseException("frame 0x%x is in no zone".formatted(frame));
    }
    return owners[stretch];
  }

  /** Locks all zones, in the order of their index. */
  void lockAll() {
    for (Zone zone : zones) {
      zone.lock().lock();
    }
  }

  void unlockAll() {
    for (Zone zone : zones.reversed()) {
      zone.lock().unlock();
    }
  }

  /** Sends all CPUs' stocks home. */
  void drainAll() {
    for (Zone zone : zones) {
      zone.drain();
    }
  }

  /** {@return the free frames in CPUs' stocks} */
  long cached() {
    long sum = 0;
    for (Zone zone : zones) {
      sum += zone.cached();
    }
    return sum;
  }

  /** {@return free frames, those in CPUs' stocks included} */
  long freeFrames() {
    long sum = 0;
    for (Zone zone : zones) {
      sum += zone.free().frames();
    }
    return sum + cached();
  }
}
