package heap.zone;

import heap.api.BackedSpans;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gets addresses for zones: several chunks at once at random, with guard pages between them, and
 * leaves them to the zone in random order. Nothing of it has frames yet. Safe for use by several
 * threads.
 */
final class AddressSource {
  private static final int GUARD_CHANCES = 4; // a guard behind one chunk in four

  private final BackedSpans spans;
  private final Regions regions;
  private final ZoneSettings settings;
  private final AddressBudget budget;
  private final Submap[] submaps;
  private final Entropy entropy;
  private final AtomicLong guardPages = new AtomicLong();

  AddressSource(BackedSpans spans, Regions regions, ZoneSettings settings, Entropy entropy) {
    this.spans = spans;
    this.regions = regions;
    this.settings = settings;
    this.entropy = entropy;
    this.budget = new AddressBudget(settings.mapBytes(), spans.pageBytes());
    this.submaps = new Submap[settings.submaps()];
    long first = ZoneSettings.leastSpan(spans.pageBytes());
    for (int i = 0; i < submaps.length; i++) {
      submaps[i] = new Submap(spans, budget, first, settings.spanBytes());
    }
  }

  /** {@return the first pages of chunks that the zone has now; none if addresses are exhausted} */
  int[] get(ZoneShape shape) {
    int runs = settings.sequester() ? 1 + entropy.below(settings.mostRuns()) : 1;
    boolean lead = settings.sequester() && settings.guards() && entropy.oneIn(GUARD_CHANCES);
    int[] chunks = lay(shape, runs, guardMask(runs), lead);
    return chunks.length == 0 ? lay(shape, 1, 0, false) : chunks; // few are left: one, unguarded
  }

  /* One guard in four chunks; in a submap always one behind the last, before another zone's. */
  private long guardMask(int runs) {
    if (!settings.guards()) {
      return 0;
    }
    int guards = 0;
    for (int i = 0; i < runs; i++) {
      guards += entropy.oneIn(GUARD_CHANCES) ? 1 : 0;
    }
    if (!settings.sequester()) {
      return guards;
    }
    return 1L << (runs - 1) | (guards > 1 ? entropy.bits(guards - 1, runs - 1) : 0);
  }

  private int[] lay(ZoneShape shape, int runs, long mask, boolean lead) {
    int chunk = shape.geometry().chunkPages();
    int guards = Long.bitCount(mask) + (lead ? 1 : 0);
    long bytes = (long) (runs + guards) * shape.geometry().chunkBytes();
    long base = cut(shape, bytes);
    if (base == BackedSpans.NONE) {
      return new int[0];
    }
    regions.ensure(base, bytes, true);
    guardPages.addAndGet((long) guards * chunk);
    int page = regions.page(base);
    page += lead ? markGuard(shape, page) : 0;
    int[] chunks = new int[runs];
    for (int i = 0; i < runs; i++) {
      boolean guarded = (mask >>> i & 1) != 0;
      chunks[i] = page;
      page += markChunk(shape, page, guarded);
      page += guarded ? markGuard(shape, page) : 0;
    }
    if (settings.shuffle()) {
      entropy.shuffle(chunks);
    }
    return chunks;
  }

  private long cut(ZoneShape shape, long bytes) {
    return settings.sequester()
        ? submaps[shape.submap()].cut(bytes, shape.fromEnd())
        : budget.reserve(spans, bytes);
  }

  private int markGuard(ZoneShape shape, int page) {
    int pages = shape.geometry().chunkPages();
    for (int i = 0; i < pages; i++) {
      regions.meta(page + i, PageMeta.word(shape.id(), false, false, PageMeta.GUARD, 0, 0));
    }
    return pages;
  }

  private int markChunk(ZoneShape shape, int page, boolean guarded) {
    int pages = shape.geometry().chunkPages();
    regions.meta(page, PageMeta.word(shape.id(), guarded, false, 0, 0, 0));
    for (int i = 1; i < pages; i++) {
      regions.meta(page + i, PageMeta.word(shape.id(), guarded, false, PageMeta.SECONDARY, i, 0));
    }
    return pages;
  }

  /** Gives a chunk back below, frames, addresses and guard: of a zone that is not sequestered. */
  void giveBack(ZoneShape shape, int first) {
    boolean guarded = PageMeta.guarded(regions.meta(first));
    int pages = shape.geometry().chunkPages() * (guarded ? 2 : 1);
    long bytes = (long) pages << regions.pageShift;
    for (int i = 0; i < pages; i++) {
      regions.meta(first + i, 0);
    }
    boolean done = false;
    try {
      spans.release(regions.address(first), bytes);
      done = true;
    } finally {
      if (done) {
        budget.released(bytes);
        guardPages.addAndGet(guarded ? -shape.geometry().chunkPages() : 0);
      } else {
        markChunk(shape, first, guarded);
        markBehind(shape, first, guarded);
      }
    }
  }

  private void markBehind(ZoneShape shape, int first, boolean guarded) {
    if (guarded) {
      markGuard(shape, first + shape.geometry().chunkPages());
    }
  }

  boolean sequester() {
    return settings.sequester();
  }

  AddressBudget budget() {
    return budget;
  }

  Submap[] submaps() {
    return submaps;
  }

  long guardPages() {
    return guardPages.get();
  }
}
