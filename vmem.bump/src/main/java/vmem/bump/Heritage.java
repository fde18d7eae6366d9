package vmem.bump;

import allocator.api.TransferRefusedException;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * What one arena takes over from a predecessor: collected, then sorted and checked before anything
 * is changed, then built up in one pass. Used by one thread.
 */
final class Heritage {
  private final ArenaSpec spec;
  private final Ranges added = new Ranges(0);
  private final Ranges imported = new Ranges(0);
  private final Ranges live = new Ranges(0);
  private final Spans spans = new Spans();

  Heritage(ArenaSpec spec) {
    this.spec = spec;
  }

  /** {@return the description of the arena} */
  ArenaSpec spec() {
    return spec;
  }

  /** Adds a span. */
  void addSpan(long base, long size, long attributes) {
    ((attributes & AddressEstate.IMPORTED) != 0 ? imported : added).add(base, size);
  }

  /** Adds a live range. */
  void addLive(long base, long size) {
    live.add(base, size);
  }

  /**
   * Sorts and checks everything, and finds the frontiers.
   *
   * @throws TransferRefusedException naming the first range that an arena cannot represent
   */
  void check() {
    added.sort();
    imported.sort();
    live.sort();
    laySpans();
    int span = 0;
    for (int range = 0; range < live.count(); range++) {
      while (span < spans.count() && Unsigned.below(spans.last(span), live.base(range))) {
        span++;
      }
      layLive(span, live.base(range), live.size(range));
    }
  }

  /** Lays the spans out in rising order, merged from those added by hand and those imported. */
  private void laySpans() {
    int fromAdded = 0;
    int fromImported = 0;
    while (fromAdded < added.count() || fromImported < imported.count()) {
      boolean isImport =
          fromAdded == added.count()
              || (fromImported < imported.count()
                  && Unsigned.below(imported.base(fromImported), added.base(fromAdded)));
      Ranges from = isImport ? imported : added;
      int index = isImport ? fromImported++ : fromAdded++;
      laySpan(from.base(index), from.size(index), isImport);
    }
  }

  private void laySpan(long base, long size, boolean isImport) {
    String fault = Territory.fault(base, size, spec.quantum());
    if (!fault.isEmpty()) {
      throw refused("span", base, size, fault);
    }
    int below = spans.count() - 1;
    if (below >= 0 && !Unsigned.below(spans.last(below), base)) {
      throw refused("span", base, size, "overlaps the one at 0x%x".formatted(spans.base(below)));
    }
    spans.reserve();
    spans.insert(base, size, isImport);
  }

  private void layLive(int span, long base, long size) {
    if (size == 0 || Unsigned.isOff(base, spec.quantum())) {
      throw refused("live range", base, size, "is empty or misaligned");
    }
    if (span == spans.count() || !spans.contain(base, size)) {
      throw refused("live range", base, size, "does not lie in one span");
    }
    if (Unsigned.below(base - spans.base(span), spans.consumed(span))) {
      throw refused("live range", base, size, "overlaps the one below");
    }
    spans.advance(span, base + Unsigned.roundUp(size, spec.quantum()));
  }

  /** {@return the territory, built up anew; {@link #check} has found that it can be} */
  Territory settle(BumpSettings settings) {
    Territory territory = new Territory(spec, settings, spans, live.count());
    for (int range = 0; range < live.count(); range++) {
      territory.inherit(live.base(range), live.size(range));
    }
    return territory;
  }

  private TransferRefusedException refused(String what, long base, long size, String why) {
    return new TransferRefusedException(
        "arena %s: the %s at 0x%x of 0x%x bytes %s".formatted(spec.name(), what, base, size, why));
  }
}
