package physmem.bitmap;

import java.lang.foreign.MemorySegment;
import java.util.List;
import physmem.api.FrameContext;
import physmem.api.FrameSpan;

/**
 * What an allocator holds: frames, the memory that its bitmaps are in, and the bitmaps.
 *
 * @param managed the frames that it may hand out
 * @param memory of the bitmaps, from the context
 * @param reports shows the frames by zones
 * @param map the bitmaps
 */
record Holding(List<FrameSpan> managed, List<MemorySegment> memory, Reports reports, FrameMap map) {
  /** {@return bitmaps over what is free in a context, with all of it free} */
  static Holding of(FrameContext context) {
    List<FrameSpan> managed = List.copyOf(context.free());
    Stretches stretches = new Stretches(managed);
    long bytes = Bits.bytes(stretches.bits());
    List<MemorySegment> memory =
        List.of(context.reserveMetadata(bytes), context.reserveMetadata(bytes));
    Bits free = new Bits(memory.get(0), stretches.bits());
    Bits heads = new Bits(memory.get(1), stretches.bits());
    Reports reports = new Reports(context.present(), managed);
    return new Holding(managed, memory, reports, new FrameMap(stretches, free, heads));
  }

  /** {@return the same with no bitmap, for one whose memory was released} */
  Holding ended() {
    Bits none = new Bits(MemorySegment.NULL, 0);
    FrameMap empty = new FrameMap(new Stretches(List.of()), none, none);
    return new Holding(managed, memory, reports, empty);
  }

  void release(FrameContext context) {
    memory.forEach(context::releaseMetadata);
  }
}
