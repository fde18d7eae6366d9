package physmem.arena;

import allocator.arena.Arena;
import allocator.arena.ArenaShape;
import java.util.List;
import java.util.Optional;
import physmem.api.FrameSpan;

/**
 * One zone of one node, and the arena that its frames are in.
 *
 * @param node the NUMA node
 * @param kind DMA, DMA32 or NORMAL
 * @param present RAM, in rising order
 * @param managed what of it is handed out, in rising order; spans that adjoin are one
 * @param arena the frames; its spans are {@code managed}
 */
record ZoneArena(
    int node, int kind, List<FrameSpan> present, List<FrameSpan> managed, Arena arena) {
  /** Kind: below 16 MiB. */
  static final int DMA = 0;

  /** Kind: below 4 GiB. */
  static final int DMA32 = 1;

  /** Kind: the rest. */
  static final int NORMAL = 2;

  /** Number of kinds. */
  static final int KINDS = 3;

  private static final List<String> NAMES = List.of("DMA", "DMA32", "Normal");
  private static final long DMA_END = 16L << 20; // bytes
  private static final long DMA32_END = 4L << 30; // bytes

  ZoneArena {
    present = List.copyOf(present);
    managed = List.copyOf(managed);
  }

  /** {@return an arena's description for a zone} */
  static ArenaShape shape(int node, int kind, long cachedFrames) {
    String name = "node %d, zone %s".formatted(node, NAMES.get(kind));
    return new ArenaShape(name, 1, Optional.empty(), cachedFrames, "frames");
  }

  /** {@return the first frame of a kind of zone} */
  static long start(int kind, int pageBytes) {
    return switch (kind) {
      case DMA -> 0;
      case DMA32 -> DMA_END / pageBytes;
      default -> DMA32_END / pageBytes;
    };
  }

  /** {@return the frame behind a kind of zone} */
  static long end(int kind, int pageBytes) {
    return kind == NORMAL ? Long.MAX_VALUE : start(kind + 1, pageBytes);
  }

  String name() {
    return NAMES.get(kind);
  }

  long start() {
    return present.getFirst().start();
  }

  long spanned() {
    return present.getLast().end() - start();
  }

  /** {@return the sum of spans} */
  static long frames(List<FrameSpan> spans) {
    return spans.stream().mapToLong(FrameSpan::frames).sum();
  }

  /** {@return frames that nobody holds, those in CPUs' caches included} */
  long free() {
    return arena.freeBytes() + arena.cachedBytes();
  }
}
