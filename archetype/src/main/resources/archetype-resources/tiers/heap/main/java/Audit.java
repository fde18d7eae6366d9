package ${package};

import allocator.api.CorruptionException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Goes through all blocks and recomputes what the heap keeps. Slow, and sure. */
final class Audit {
  private final Tags tags;
  private final Collection<Span> spans;
  private final long firstFree;
  private final long footprint;
  private final Set<Long> free = new HashSet<>();
  private long facts;

  Audit(Tags tags, Collection<Span> spans, long firstFree, long footprint) {
    this.tags = tags;
    this.spans = spans;
    this.firstFree = firstFree;
    this.footprint = footprint;
  }

  /** {@return the number of facts that hold} */
  long run() {
    long bytes = 0;
    for (Span span : spans) {
      checkBlocks(span);
      bytes += span.bytes;
    }
    expect(bytes, footprint, "footprint", 0);
    checkList();
    return facts;
  }

  private void checkBlocks(Span span) {
    int live = 0;
    boolean freeBefore = false;
    long at = span.first();
    while (at < span.end()) {
      boolean inUse = tags.inUse(at);
      tags.check(span, at, inUse);
      expect(span.isLive(at) ? 1 : 0, inUse ? 1 : 0, "in use", at);
      expect(0, freeBefore && !inUse ? 1 : 0, "free blocks side by side", at);
      live += inUse ? 1 : 0;
      if (!inUse) {
        free.add(at);
      }
      freeBefore = !inUse;
      at += tags.size(at);
    }
    expect(span.end(), at, "end of the last block", span.base);
    expect(live, span.liveBlocks(), "live blocks", span.base);
  }

  private void checkList() {
    long previous = 0;
    for (long at = firstFree; at != 0; at = tags.next(at)) {
      expect(1, free.remove(at) ? 1 : 0, "free block of the list, listed once", at);
      expect(previous, tags.previous(at), "link back", at);
      previous = at;
    }
    expect(0, free.size(), "free blocks outside of the list", 0);
  }

  private void expect(long expected, long found, String what, long where) {
    facts++;
    if (expected != found) {
      throw new CorruptionException(
          "%s at 0x%x: expected 0x%x, found 0x%x".formatted(what, where, expected, found));
    }
  }
}
