package heap.arena;

import allocator.api.Estate;
import allocator.api.TransferRefusedException;
import allocator.arena.Arena;
import allocator.arena.ArenaShape;
import allocator.arena.Heritage;
import java.util.Map;
import java.util.TreeMap;

/** What the heap takes over from a predecessor. Used once, by one thread. */
final class Inheritance {
  private final Heritage heritage;
  private final HeapSettings settings;
  private long bytes;

  Inheritance(ArenaShape shape, HeapSettings settings) {
    this.heritage = new Heritage(shape, settings.tuning().segmentsMax());
    this.settings = settings;
  }

  /**
   * Reads and checks what the predecessor leaves.
   *
   * @throws TransferRefusedException naming the first block or limit that is in the way
   */
  void read(Estate estate) {
    TreeMap<Long, Long> spans = new TreeMap<>(Long::compareUnsigned);
    estate.managed((base, size, attributes) -> {
      spans.put(base, size);
      return true;
    });
    addSpans(spans);
    if (bytes > settings.footprintLimit()) {
      throw new TransferRefusedException(
          "heap.arena: the predecessor holds %d bytes, the limit is %d"
              .formatted(bytes, settings.footprintLimit()));
    }
    estate.live((base, size, attributes) -> {
      heritage.addLive(base, size, ArenaHeap.TAKEN);
      return true;
    });
    heritage.check();
  }

  /** Adds spans; those that adjoin are one, since a block may lie in both. */
  private void addSpans(Map<Long, Long> spans) {
    long start = 0;
    long end = 0;
    for (Map.Entry<Long, Long> span : spans.entrySet()) {
      if (span.getKey() != end || start == end) {
        add(start, end);
        start = span.getKey();
      }
      end = span.getKey() + span.getValue();
    }
    add(start, end);
  }

  private void add(long start, long end) {
    if (start != end) {
      heritage.addSpan(start, end - start, true);
      bytes += end - start;
    }
  }

  /** Builds what {@link #read} has read. */
  void settle(Arena arena) {
    arena.adopt(heritage);
  }

  /** {@return bytes of the predecessor's spans} */
  long bytes() {
    return bytes;
  }
}
