package heap.slab;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;

/** What is said of wrong calls and damaged memory: which address, what it is, what was expected. */
final class Faults {
  private Faults() {}

  /** An address of which no page is held, or which lies inside a large block. */
  static MisuseException foreign(long address) {
    return new MisuseException(
        "0x%x is no live block: no slab of this heap is there, and no large block begins there"
            .formatted(address));
  }

  /** An address in a slab at which no live object begins. */
  static MisuseException notLive(long address, SlabCache cache) {
    return new MisuseException(
        "0x%x is no live block: it lies in a slab of %s, but was freed before, was never allocated, or is inside an object%s"
            .formatted(address, cache.label(), cache.history(address)));
  }

  static MisuseException otherCache(long address, SlabCache cache) {
    return new MisuseException(
        "0x%x is no object of the cache %s".formatted(address, cache.label()));
  }

  static MisuseException tooLong(long address, long bytes, long usable) {
    return new MisuseException(
        "0x%x has %d bytes, not the %d that its client says it asked for"
            .formatted(address, usable, bytes));
  }

  static MisuseException closed(SlabCache cache) {
    return new MisuseException("the cache %s was closed".formatted(cache.label()));
  }

  static MisuseException stillLive(SlabCache cache, long objects) {
    return new MisuseException(
        "the cache %s cannot be closed: %d of its objects are live; free them first"
            .formatted(cache.label(), objects));
  }

  static CorruptionException overwritten(
      long address, String what, long at, long expected, long found, String history) {
    return new CorruptionException(
        "block 0x%x: its %s at 0x%x should be 0x%016x and is 0x%016x%s"
            .formatted(address, what, at, expected, found, history));
  }

  /** The control at the end of a slab, which a client wrote to. */
  static CorruptionException control(long at, long expected, long found) {
    return new CorruptionException(
        "the control of a slab at 0x%x should begin with 0x%016x and begins with 0x%016x"
            .formatted(at, expected, found));
  }
}
