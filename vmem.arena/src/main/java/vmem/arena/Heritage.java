package vmem.arena;

import allocator.api.TransferRefusedException;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * What one arena takes over from a predecessor: collected, sorted and checked before anything is
 * changed, then built up in one pass in rising order. Used by one thread.
 */
final class Heritage {
  private final ArenaSpec spec;
  private final Ranges spans = new Ranges();
  private final Ranges imports = new Ranges();
  private final Ranges live = new Ranges();

  Heritage(ArenaSpec spec) {
    this.spec = spec;
  }

  /** {@return the description of the arena} */
  ArenaSpec spec() {
    return spec;
  }

  /** Adds a span. */
  void addSpan(long base, long size, long attributes) {
    boolean imported = (attributes & AddressEstate.IMPORTED) != 0;
    (imported ? imports : spans).add(base, size);
  }

  /** Adds a live range. */
  void addLive(long base, long size) {
    live.add(base, size);
  }

  /**
   * Sorts and checks everything.
   *
   * @throws TransferRefusedException naming the first range that an arena cannot represent
   */
  void check() {
    spans.sort();
    imports.sort();
    live.sort();
    checkApart(spans, "span");
    checkApart(imports, "imported span");
    checkApart(live, "live range");
    int covered = covered(spans) + covered(imports);
    if (covered != live.count()) {
      throw refused("%d of %d live ranges lie in spans".formatted(covered, live.count()));
    }
  }

  private void checkApart(Ranges ranges, String what) {
    for (int i = 0; i < ranges.count(); i++) {
      if (Numbers.isOff(ranges.base(i), spec.quantum())
          || ranges.size(i) == 0
          || Numbers.below(ranges.last(i), ranges.base(i))) {
        throw refused("the %s at 0x%x is misaligned or empty".formatted(what, ranges.base(i)));
      }
      if (i > 0 && !Numbers.below(lastRounded(ranges, i - 1), ranges.base(i))) {
        throw refused("the %s at 0x%x overlaps the one below".formatted(what, ranges.base(i)));
      }
    }
  }

  private long lastRounded(Ranges ranges, int index) {
    return Numbers.roundUp(ranges.base(index) + ranges.size(index), spec.quantum()) - 1;
  }

  private int covered(Ranges within) {
    int covered = 0;
    int next = 0;
    for (int span = 0; span < within.count(); span++) {
      next = firstFrom(within.base(span), next);
      for (; next < live.count() && isInside(within, span, next); next++) {
        covered++;
      }
    }
    return covered;
  }

  private int firstFrom(long base, int from) {
    int index = from;
    while (index < live.count() && Numbers.below(live.base(index), base)) {
      index++;
    }
    return index;
  }

  private boolean isInside(Ranges within, int span, int index) {
    return !Numbers.above(lastRounded(live, index), within.last(span));
  }

  /** Builds the segments; {@link #check} has found that it can be done. */
  void settle(Segments segments) {
    settle(segments, spans, false);
    settle(segments, imports, true);
  }

  private void settle(Segments segments, Ranges within, boolean imported) {
    int next = 0;
    for (int span = 0; span < within.count(); span++) {
      reserve(segments);
      int free = segments.addSpan(within.base(span), within.size(span), imported);
      next = firstFrom(within.base(span), next);
      for (; next < live.count() && isInside(within, span, next); next++) {
        reserve(segments);
        int made = segments.carve(free, live.base(next), live.size(next));
        free = segments.tags.next(made);
      }
    }
  }

  private void reserve(Segments segments) {
    if (!segments.reserve()) {
      throw refused("the limit of boundary tags is reached");
    }
  }

  private TransferRefusedException refused(String why) {
    return new TransferRefusedException("arena %s: %s".formatted(spec.name(), why));
  }
}
