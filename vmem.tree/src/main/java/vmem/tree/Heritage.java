package vmem.tree;

import allocator.api.TransferRefusedException;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * What one arena takes over from a predecessor: collected, then sorted and checked before anything
 * is changed, then built up in rising order. Used by one thread.
 */
final class Heritage {
  private final ArenaSpec spec;
  private final long mostAreas;
  private final Ranges spans = new Ranges(0);
  private final Ranges imported = new Ranges(0); // those of the spans that came from the source
  private final Ranges live = new Ranges(0);
  private long gaps; // known once checked: the number of free areas

  /**
   * Begins with nothing.
   *
   * @param spec the description of the arena
   * @param mostAreas how many areas the arena may have
   */
  Heritage(ArenaSpec spec, long mostAreas) {
    this.spec = spec;
    this.mostAreas = mostAreas;
  }

  /** {@return the description of the arena} */
  ArenaSpec spec() {
    return spec;
  }

  /** Adds a span. */
  void addSpan(long base, long size, long attributes) {
    spans.add(base, size);
    if ((attributes & AddressEstate.IMPORTED) != 0) {
      imported.add(base, size);
    }
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
    imported.sort();
    live.sort();
    gaps = 0;
    int next = 0;
    for (int span = 0; span < spans.count(); span++) {
      checkSpan(span);
      next = checkLive(span, next);
    }
    if (next < live.count()) {
      throw refused("live range", live, next, "does not lie in one span");
    }
    if (areas() > mostAreas) {
      throw new TransferRefusedException(
          "arena %s: %d areas are needed, the limit is %d"
              .formatted(spec.name(), areas(), mostAreas));
    }
  }

  private long areas() {
    return spans.count() + live.count() + gaps;
  }

  private void checkSpan(int span) {
    String fault = Territory.fault(spans.base(span), spans.size(span), spec.quantum());
    if (!fault.isEmpty()) {
      throw refused("span", spans, span, fault);
    }
    if (span > 0 && !Unsigned.below(last(span - 1), spans.base(span))) {
      String below = "overlaps the one at 0x%x".formatted(spans.base(span - 1));
      throw refused("span", spans, span, below);
    }
  }

  /** Checks the live ranges of a span, from one on; {@return the first of the next span} */
  private int checkLive(int span, int from) {
    long used = 0; // bytes of the span up to the end of the range before
    int range = from;
    for (; range < live.count() && !Unsigned.below(last(span), live.base(range)); range++) {
      long offset = live.base(range) - spans.base(span);
      checkRange(span, range, used);
      gaps += offset == used ? 0 : 1;
      used = offset + Unsigned.roundUp(live.size(range), spec.quantum());
    }
    gaps += used == spans.size(span) ? 0 : 1;
    return range;
  }

  private void checkRange(int span, int range, long used) {
    long base = live.base(range);
    long size = live.size(range);
    long offset = base - spans.base(span);
    if (size == 0 || Unsigned.isOff(base, spec.quantum())) {
      throw refused("live range", live, range, "is empty or misaligned");
    }
    if (Unsigned.below(base, spans.base(span)) || Unsigned.below(spans.size(span) - offset, size)) {
      throw refused("live range", live, range, "does not lie in one span");
    }
    if (Unsigned.below(offset, used)) {
      throw refused("live range", live, range, "overlaps the one below");
    }
  }

  private long last(int span) {
    return spans.base(span) + spans.size(span) - 1;
  }

  /**
   * Builds the arena up; {@link #check} has found that it can be.
   *
   * @throws TransferRefusedException if there is no memory for its areas
   */
  Space settle(TreeSettings settings, int cpus) {
    Space space = new Space(spec, settings, cpus);
    if (!space.areas.reserve(areas())) {
      throw new TransferRefusedException(
          "arena %s: no memory for %d areas".formatted(spec.name(), areas()));
    }
    int next = 0;
    int nextImport = 0;
    for (int span = 0; span < spans.count(); span++) {
      boolean fromSource =
          nextImport < imported.count() && imported.base(nextImport) == spans.base(span);
      nextImport += fromSource ? 1 : 0;
      space.spans.add(spans.base(span), spans.size(span), fromSource);
      next = fill(space, span, next);
    }
    return space;
  }

  /** Fills a span with live ranges, from one on; {@return the first of the next span} */
  private int fill(Space space, int span, int from) {
    long size = spans.size(span);
    long used = 0;
    int range = from;
    for (; range < live.count() && !Unsigned.below(last(span), live.base(range)); range++) {
      long offset = live.base(range) - spans.base(span);
      inheritFree(space, span, used, offset);
      used = offset + space.inheritLive(live.base(range), live.size(range), room(span, range));
    }
    inheritFree(space, span, used, size);
    return range;
  }

  private void inheritFree(Space space, int span, long from, long to) {
    if (from != to) {
      space.inheritFree(spans.base(span) + from, to - from);
    }
  }

  /** {@return bytes from the base of a range to that of the next one, or to the span's end} */
  private long room(int span, int range) {
    boolean hasNext = range + 1 < live.count() && !Unsigned.below(last(span), live.base(range + 1));
    long end = hasNext ? live.base(range + 1) : last(span) + 1;
    return end - live.base(range);
  }

  private TransferRefusedException refused(String what, Ranges ranges, int index, String why) {
    return new TransferRefusedException(
        "arena %s: the %s at 0x%x of 0x%x bytes %s"
            .formatted(spec.name(), what, ranges.base(index), ranges.size(index), why));
  }
}
