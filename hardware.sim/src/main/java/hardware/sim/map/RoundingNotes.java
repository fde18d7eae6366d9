package hardware.sim.map;

import hardware.api.map.Decision;
import hardware.api.map.MapEntry;
import hardware.api.map.MemoryType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds where rounding to pages changed a range, and which entry drew the boundary there. */
final class RoundingNotes {
  private final long pageSize;
  private final List<Decision> decisions;
  private final Map<Long, MapEntry> usableStart = new HashMap<>();
  private final Map<Long, MapEntry> usableEnd = new HashMap<>();
  private final Map<Long, MapEntry> otherStart = new HashMap<>();
  private final Map<Long, MapEntry> otherEnd = new HashMap<>();

  RoundingNotes(List<Placed> placed, long pageSize, List<Decision> decisions) {
    this.pageSize = pageSize;
    this.decisions = decisions;
    for (Placed p : placed) {
      if (!p.type().neutral()) {
        (p.usable() ? usableStart : otherStart).putIfAbsent(p.start(), p.entry());
        (p.usable() ? usableEnd : otherEnd).putIfAbsent(p.end(), p.entry());
      }
    }
  }

  /** Notes what rounding inward does to the usable ranges given. */
  void inward(Intervals free) {
    for (int i = 0; i < free.count(); i++) {
      inward(free.start(i), free.end(i));
    }
  }

  private void inward(long start, long end) {
    long from = Intervals.up(start, pageSize);
    long to = Intervals.down(end, pageSize);
    MapEntry first = cause(start, usableStart, otherEnd);
    MapEntry last = cause(end, usableEnd, otherStart);
    if (from >= to) {
      String what = "usable " + Hex.show(start) + "-" + Hex.show(end - 1);
      add(
          Decision.Kind.SUBPAGE_DROPPED,
          start,
          end,
          first,
          what + " holds no whole page: left out");
      return;
    }
    if (from != start) {
      String what = "usable start " + Hex.show(start) + " is rounded up to " + Hex.show(from);
      add(Decision.Kind.ROUNDED_INWARD, start, from, first, what);
    }
    if (to != end) {
      String what = "usable end " + Hex.show(end) + " is rounded down to " + Hex.show(to);
      add(Decision.Kind.ROUNDED_INWARD, to, end, last, what);
    }
  }

  /** Notes what rounding outward does to the ranges given, which are not usable. */
  void outward(Intervals covered) {
    for (int i = 0; i < covered.count(); i++) {
      long start = covered.start(i);
      long end = covered.end(i);
      long from = Intervals.down(start, pageSize);
      long to = Intervals.up(end, pageSize);
      if (from != start) {
        String what = "reserved start " + Hex.show(start) + " is rounded down to " + Hex.show(from);
        addReserved(from, start, cause(start, otherStart, usableEnd), what);
      }
      if (to != end) {
        String what = "reserved end " + Hex.show(end) + " is rounded up to " + Hex.show(to);
        addReserved(end, to, cause(end, otherEnd, usableStart), what);
      }
    }
  }

  /** Registers of devices fill no pages; saying so for each would bury the rest. */
  private void addReserved(long from, long to, MapEntry cause, String what) {
    if (cause.type() != MemoryType.DEVICE) {
      add(Decision.Kind.ROUNDED_OUTWARD, from, to, cause, what);
    }
  }

  /** Every boundary of a merged range is a boundary of one of the entries it was made from. */
  private static MapEntry cause(
      long address, Map<Long, MapEntry> likely, Map<Long, MapEntry> otherwise) {
    MapEntry entry = likely.getOrDefault(address, otherwise.get(address));
    if (entry == null) {
      throw new IllegalStateException("no entry has a boundary at " + Hex.show(address));
    }
    return entry;
  }

  private void add(Decision.Kind kind, long start, long end, MapEntry entry, String what) {
    String label = "line " + entry.line() + " (" + entry.typeText() + ")";
    decisions.add(new Decision(kind, start, end, entry, label + ": " + what));
  }
}
