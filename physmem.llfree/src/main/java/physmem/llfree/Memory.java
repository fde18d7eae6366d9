package physmem.llfree;

import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.WORD_FRAMES;

import java.lang.foreign.MemorySegment;
import java.util.List;
import physmem.api.FrameContext;

/**
 * The off-heap metadata: bit fields, entries of children, counts of trees, reservations. Reads as
 * zero at first, which stands for free.
 *
 * @param segments the four, in this order
 */
record Memory(List<MemorySegment> segments) {
  private static final int PARTS = 4;

  Memory {
    segments = List.copyOf(segments);
  }

  /** {@return the sizes of the four parts in bytes} */
  static long[] sizes(RamMap map, int cpus) {
    long slots = Math.max(map.slots(), CHILD_FRAMES);
    return new long[] {
      slots / WORD_FRAMES * Long.BYTES,
      slots / CHILD_FRAMES * Short.BYTES,
      (long) Math.max(map.trees(), 1) * Integer.BYTES,
      Math.max(Reservations.bytes(map, cpus), Long.BYTES)
    };
  }

  static Memory reserve(FrameContext context, RamMap map, int cpus) {
    MemorySegment[] segments = new MemorySegment[PARTS];
    long[] sizes = sizes(map, cpus);
    for (int i = 0; i < PARTS; i++) {
      segments[i] = context.reserveMetadata(Layout.roundUp(sizes[i], Long.BYTES));
    }
    return new Memory(List.of(segments));
  }

  /** {@return whether the segments have the sizes that a machine needs} */
  boolean fits(RamMap map, int cpus) {
    long[] sizes = sizes(map, cpus);
    boolean fits = segments.size() == PARTS;
    for (int i = 0; fits && i < PARTS; i++) {
      MemorySegment segment = segments.get(i);
      fits = segment.isNative() && !segment.isReadOnly() && segment.byteSize() >= sizes[i];
    }
    return fits;
  }

  long words() {
    return segments.get(0).address();
  }

  long children() {
    return segments.get(1).address();
  }

  long trees() {
    return segments.get(2).address();
  }

  long reservations() {
    return segments.get(PARTS - 1).address();
  }

  void clear() {
    segments.forEach(segment -> segment.fill((byte) 0));
  }

  void release(FrameContext context) {
    segments.forEach(context::releaseMetadata);
  }
}
