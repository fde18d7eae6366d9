package physmem.llfree;

import static physmem.llfree.Layout.NONE;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which frame has which metadata. Frames have <i>slots</i>, numbered without the holes of the
 * address space, so that metadata is proportional to RAM. Slots of a zone are one run, in whole
 * trees; within a tree slots are in the order of frames and as far apart. Immutable.
 *
 * <p>Frames are looked up in <i>stretches</i>: runs of addresses, small holes included, whose slots
 * are a run too. A machine has about as many as zones and large holes.
 */
final class RamMap {
  private final List<Zone> zones;
  private final int treeFrames;
  private final long[] starts; // first frame of each stretch, rising
  private final long[] ends; // the frame behind each
  private final long[] shifts; // slot less frame
  private final int[] owners; // index of the zone
  private final long[] treeShifts; // frame less slot, by tree

  /**
   * Makes the map.
   *
   * @param zones the zones by index
   * @param treeFrames frames of a tree, a power of two
   * @param stretches for each, in rising order: first frame, end, slot less frame, zone
   * @param treeShifts frame less slot, by tree
   */
  RamMap(List<Zone> zones, int treeFrames, long[][] stretches, long[] treeShifts) {
    this.zones = List.copyOf(zones);
    this.treeFrames = treeFrames;
    this.starts = Arrays.stream(stretches).mapToLong(s -> s[0]).toArray();
    this.ends = Arrays.stream(stretches).mapToLong(s -> s[1]).toArray();
    this.shifts = Arrays.stream(stretches).mapToLong(s -> s[2]).toArray();
    this.owners = Arrays.stream(stretches).mapToInt(s -> (int) s[3]).toArray();
    this.treeShifts = treeShifts.clone();
  }

  List<Zone> zones() {
    return zones;
  }

  int trees() {
    return treeShifts.length;
  }

  int treeFrames() {
    return treeFrames;
  }

  long slots() {
    return (long) trees() * treeFrames;
  }

  int stretches() {
    return starts.length;
  }

  long startOf(int stretch) {
    return starts[stretch];
  }

  long endOf(int stretch) {
    return ends[stretch];
  }

  /** {@return slot less frame in a stretch} */
  long shiftOf(int stretch) {
    return shifts[stretch];
  }

  int zoneOf(int stretch) {
    return owners[stretch];
  }

  /** {@return the index of the first stretch that ends behind a frame; stretches() if none} */
  int stretchFrom(long frame) {
    int low = 0;
    int high = ends.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > frame) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** {@return the stretch that a frame is in, or -1} */
  int stretchOf(long frame) {
    int stretch = stretchFrom(frame);
    return stretch < starts.length && frame >= starts[stretch] ? stretch : -1;
  }

  /** {@return the slot of a frame, or NONE} */
  long slotOf(long frame) {
    int stretch = stretchOf(frame);
    return stretch < 0 ? NONE : frame + shifts[stretch];
  }

  /** {@return the frame of a slot} */
  long frameOf(long slot) {
    return slot + treeShifts[(int) (slot / treeFrames)];
  }

  /** {@return frame less slot in a tree} */
  long treeShift(int tree) {
    return treeShifts[tree];
  }

  /** {@return the slots of a zone that are managed, in rising order} */
  List<Span> managedSlots(Zone zone) {
    return zone.managed().stream()
        .map(span -> new Span(slotOf(span.from()), slotOf(span.to() - 1) + 1))
        .toList();
  }

  /** {@return the frames that are managed, in rising order} */
  List<Span> managed() {
    return zones.stream()
        .flatMap(zone -> zone.managed().stream())
        .sorted(Comparator.comparingLong(Span::from))
        .toList();
  }

  /** {@return a hash of everything that gives slots their meaning} */
  long signature() {
    long hash = Arrays.hashCode(starts) * 31L + Arrays.hashCode(ends);
    hash = hash * 31 + Arrays.hashCode(shifts);
    hash = hash * 31 + Arrays.hashCode(owners);
    return hash * 31 + zones.hashCode();
  }
}
