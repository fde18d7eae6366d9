package heap.dl;

import hardware.api.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looks whether what a space has left can be what it says: every root lies in memory that was held,
 * and what is there agrees with the number that leads to it. Reads, and never writes; its time
 * depends on the number of segments and of chunks with spans of their own, not on that of blocks.
 */
final class LegacyCheck {
  private static final long RECORD_BYTES = 32;

  private final Legacy legacy;
  private final Window w;
  private final MemorySegment direct;
  private final long least;
  private final long extent;

  LegacyCheck(Legacy legacy, Window window, MemorySegment direct) {
    this.legacy = legacy;
    this.w = window;
    this.direct = direct;
    this.least = legacy.figure("least");
    this.extent = legacy.figure("extent");
  }

  /** Checks everything, and that no figure is missing. */
  void run() {
    boolean none = (least | extent) == 0;
    require(none || (extent > 0 && within(least - w.base(), extent, w.size())), "extent", extent);
    long held = checkSegments() + checkDirect();
    require(held == legacy.figure("footprint"), "footprint", held);
    require(held <= legacy.figure("peak"), "peak", held);
    checkTop();
    checkChunk("victim", legacy.figure("victim"), legacy.figure("victim.size"));
    for (int i = 0; i < SmallBins.COUNT; i++) {
      checkBin("small", i, SmallBins.size(i), SmallBins.size(i) + 1);
      checkBin("tree", i, TreeBins.least(i), i + 1 < TreeBins.COUNT ? TreeBins.least(i + 1) : 0);
    }
    checkCourse();
  }

  private static void require(boolean holds, String what, long value) {
    if (!holds) {
      throw Layout.refused("%s does not agree with what is found, 0x%x".formatted(what, value));
    }
  }

  /** {@return whether a stretch lies within another that begins at 0; all of it unsigned} */
  private static boolean within(long from, long bytes, long room) {
    return Long.compareUnsigned(bytes, room) <= 0 && Long.compareUnsigned(from, room - bytes) <= 0;
  }

  /** {@return whether memory that was held has all of a stretch} */
  private boolean holds(long from, long bytes) {
    return within(from - least, bytes, extent);
  }

  /** {@return the sum of all segments} */
  private long checkSegments() {
    long base = legacy.figure("newest.base");
    long size = legacy.figure("newest.size");
    long next = legacy.figure("newest.next");
    require(size >= 0 && (size != 0 || next == 0), "newest.size", size);
    long sum = 0;
    while (size != 0) {
      require(holds(base, size), "a segment's base", base);
      sum += size;
      require((base | size) % legacy.figure("page") == 0, "a segment's base or size", base | size);
      require(size > 0 && sum <= extent, "the sum of the segments", sum);
      if (next == 0) {
        break;
      }
      require(holds(next, RECORD_BYTES), "a segment's record", next);
      base = w.getLong(next);
      size = w.getLong(next + 8);
      require(within(next - base, RECORD_BYTES, size), "a segment's record", next);
      next = w.getLong(next + 16);
    }
    return sum;
  }

  /** {@return the sum of the spans that have one chunk each} */
  private long checkDirect() {
    long sum = 0;
    for (long at = 0; at < direct.byteSize(); at += 3 * Long.BYTES) {
      long chunk = direct.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      long base = direct.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Long.BYTES);
      long size = direct.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 2 * Long.BYTES);
      require(size > 0 && holds(base, size) && within(chunk - base, 16, size), "a span", base);
      require(w.getLong(chunk) == chunk - base && Chunk.direct(w, chunk), "a direct chunk", chunk);
      sum += size;
    }
    return sum;
  }

  private void checkTop() {
    long top = legacy.figure("top");
    long size = legacy.figure("top.size");
    if (legacy.figure("newest.size") == 0) {
      require((top | size | legacy.figure("victim.size")) == 0, "top", top);
      require((legacy.figure("small.map") | legacy.figure("tree.map")) == 0, "a map", top);
      return;
    }
    long base = legacy.figure("newest.base");
    long room = legacy.figure("newest.size");
    require(Long.compareUnsigned(top - base, room) < 0, "top", top);
    require(size > 0 && top + size + Chunk.TOP_FOOT == base + room, "top.size", size);
    require(Chunk.head(w, top) == (size | Chunk.PINUSE), "top's head", Chunk.head(w, top));
  }

  private void checkBin(String bins, int index, long least, long limit) {
    long chunk = legacy.member(bins, index);
    if (chunk == 0) {
      require((legacy.figure(bins + ".map") >>> index & 1) == 0, bins + "." + index, chunk);
      return;
    }
    long size = holds(chunk, Chunk.LEAST) ? Chunk.size(w, chunk) : 0;
    require(size >= least && (limit == 0 || size < limit), bins + "." + index, chunk);
    checkChunk(bins + "." + index, chunk, size);
  }

  /** Checks that a free chunk lies there, or nothing if its size is 0. */
  private void checkChunk(String what, long chunk, long size) {
    require(size >= 0 && (size != 0 || chunk == 0), what, chunk);
    if (size != 0) {
      require((chunk & (Chunk.ALIGN - 1)) == 0 && holds(chunk, size + Chunk.MEM), what, chunk);
      require(Chunk.head(w, chunk) == (size | Chunk.PINUSE), what, Chunk.head(w, chunk));
      require(w.getLong(chunk + size) == size, what, w.getLong(chunk + size));
    }
  }

  private void checkCourse() {
    String[] numbers = {
      "limit",
      "limit.configured",
      "trim.check",
      "trim.threshold",
      "release.checks",
      "imports",
      "releases",
      "failures",
      "postponed",
      "contiguous"
    };
    for (String name : numbers) {
      require(legacy.figure(name) >= 0, name, legacy.figure(name));
    }
    require(legacy.figure("newest.flags") >>> 32 == 0, "newest.flags", 0);
    checkMap("small");
    checkMap("tree");
    legacy.figure("footer");
  }

  /** Checks that no list or tree was left that the map does not know of. */
  private void checkMap(String bins) {
    long map = legacy.figure(bins + ".map");
    require(map >>> 32 == 0 && Long.bitCount(map) == legacy.members(bins), bins + ".map", map);
  }
}
