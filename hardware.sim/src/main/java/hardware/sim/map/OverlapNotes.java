package hardware.sim.map;

import hardware.api.map.Decision;
import hardware.api.map.MemoryType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds where entries are out of order, repeat, overlap, continue or cover one another. */
final class OverlapNotes {
  private static final Comparator<Placed> BY_PLACE =
      Comparator.comparingLong(Placed::start)
          .thenComparingLong(Placed::end)
          .thenComparing(Placed::type)
          .thenComparingInt(p -> p.entry().line());

  private final List<Placed> placed;
  private final List<Placed> sorted;
  private final List<Decision> decisions;

  private OverlapNotes(List<Placed> placed, List<Decision> decisions) {
    this.placed = placed.stream().filter(p -> !p.type().neutral()).toList();
    this.sorted = new ArrayList<>(this.placed);
    this.sorted.sort(BY_PLACE);
    this.decisions = decisions;
  }

  /** Appends to {@code decisions} what there is to say about the placed entries. */
  static void take(List<Placed> placed, Intervals ram, List<Decision> decisions) {
    OverlapNotes notes = new OverlapNotes(placed, decisions);
    notes.order();
    notes.among(true);
    notes.among(false);
    notes.taken(ram);
  }

  private void order() {
    for (int i = 1; i < placed.size(); i++) {
      Placed p = placed.get(i);
      Placed before = placed.get(i - 1);
      if (p.start() < before.start()) {
        note(
            Decision.Kind.SORTED,
            p,
            p.start(),
            p.end(),
            "%s begins below %s: sorted".formatted(p.label(), before.label()));
      }
    }
  }

  /** Compares each entry of one use with the one of that use that reaches furthest so far. */
  private void among(boolean usable) {
    Placed furthest = null;
    Placed previous = null;
    for (Placed p : sorted) {
      if (p.usable() == usable) {
        if (furthest != null && previous != null) {
          compare(p, previous, furthest);
        }
        furthest = furthest == null || p.end() > furthest.end() ? p : furthest;
        previous = p;
      }
    }
  }

  private void compare(Placed p, Placed previous, Placed furthest) {
    if (same(p, previous)) {
      String message = "%s repeats %s: once is enough".formatted(p.label(), previous.label());
      note(Decision.Kind.DUPLICATE, p, p.start(), p.end(), message);
    } else if (p.start() < furthest.end()) {
      overlap(p, furthest);
    } else if (p.usable() && p.start() == furthest.end()) {
      String message =
          "%s continues %s at %s: one span"
              .formatted(p.label(), furthest.label(), Hex.show(p.start()));
      note(Decision.Kind.MERGED, p, p.start(), p.start(), message);
    }
  }

  private static boolean same(Placed a, Placed b) {
    return a.start() == b.start() && a.end() == b.end() && a.type() == b.type();
  }

  /** Devices nest within buses and reserved windows by nature: that is no news. */
  private void overlap(Placed p, Placed other) {
    if (p.type() == MemoryType.DEVICE || other.type() == MemoryType.DEVICE) {
      return;
    }
    Placed stricter = p.type().compareTo(other.type()) >= 0 ? p : other;
    String outcome =
        p.type() == other.type() ? "counted once" : "the bytes are " + stricter.type().label();
    long end = Math.min(p.end(), other.end());
    String message =
        "%s overlaps %s at %s-%s: %s"
            .formatted(p.label(), other.label(), Hex.show(p.start()), Hex.show(end - 1), outcome);
    note(Decision.Kind.OVERLAP, p, p.start(), end, message);
  }

  private void taken(Intervals ram) {
    for (Placed p : sorted) {
      long bytes = p.usable() ? 0 : ram.bytesWithin(p.start(), p.end());
      if (bytes > 0) {
        String message =
            "%s %s takes %d bytes from usable %s"
                .formatted(p.label(), p.range(), bytes, loser(p).label());
        note(Decision.Kind.TAKEN, p, p.start(), p.end(), message);
      }
    }
  }

  private Placed loser(Placed taker) {
    return sorted.stream()
        .filter(p -> p.usable() && p.start() < taker.end() && taker.start() < p.end())
        .findFirst()
        .orElse(taker);
  }

  private void note(Decision.Kind kind, Placed p, long start, long end, String message) {
    decisions.add(new Decision(kind, start, end, p.entry(), message));
  }
}
