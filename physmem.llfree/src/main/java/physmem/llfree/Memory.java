package physmem.llfree;

import static physmem.llfree.Layout.CHILD_FRAMES;
import static physmem.llfree.Layout.WORD_FRAMES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import physmem.api.FrameContext;

/**
 * The off-heap metadata: bit fields, entries of children, counts of trees, reservations. Reads as
 * zero at first, which stands for free.
 *
 * @param segments the four, in this order
 * @param stored how many of them, the first ones, are a store's and not the context's
 */
record Memory(List<MemorySegment> segments, int stored) {
  private static final int PARTS = 4;
  private static final int LOWER = 2; // parts of the lower level

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

  static Memory reserve(FrameContext context, RamMap map, int cpus, Optional<Store> store) {
    List<MemorySegment> segments = new ArrayList<>();
    store.ifPresent(there -> Collections.addAll(segments, there.words(), there.children()));
    long[] sizes = sizes(map, cpus);
    for (int i = segments.size(); i < PARTS; i++) {
      segments.add(context.reserveMetadata(Layout.roundUp(sizes[i], Long.BYTES)));
    }
    return new Memory(segments, store.isPresent() ? LOWER : 0);
  }

  /** {@return the lower level copied, with an upper level that is zero, for as long as an arena} */
  Memory copyLower(Arena arena) {
    List<MemorySegment> copies = new ArrayList<>();
    for (MemorySegment segment : segments) {
      copies.add(arena.allocate(segment.byteSize(), Long.BYTES));
    }
    for (int i = 0; i < LOWER; i++) {
      copies.get(i).copyFrom(segments.get(i));
    }
    return new Memory(copies, PARTS);
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

  void release(FrameContext context) {
    segments.subList(stored, PARTS).forEach(context::releaseMetadata);
  }
}
