package hardware.sim.map;

import hardware.api.map.MapEntry;
import hardware.api.map.MemoryType;
import hardware.api.map.RangeShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The kernel's E820 table while it is changed: entries in any order, which may overlap. Only
 * entries with a proper range are changed.
 */
final class RamTable {
  private List<MapEntry> entries;

  RamTable(List<MapEntry> entries) {
    this.entries = new ArrayList<>(entries);
  }

  List<MapEntry> entries() {
    return List.copyOf(entries);
  }

  /** Forgets all entries. */
  void clear() {
    entries.clear();
  }

  /** Adds a range; where it overlaps another, the more restrictive type counts. */
  void add(long first, long last, MemoryType type, String cause) {
    if (Long.compareUnsigned(first, last) <= 0) {
      entries.add(entry(first, last, type, cause));
    }
  }

  private static MapEntry entry(long first, long last, MemoryType type, String cause) {
    return new MapEntry(first, last, RangeShape.PROPER, type, type.label(), 0, 0, cause);
  }

  /** Removes a range from the entries of some types. */
  void remove(long first, long last, Predicate<MemoryType> types) {
    change(first, last, types, List.of());
  }

  /** Gives a range of the entries of some types another type. */
  void retype(long first, long last, Predicate<MemoryType> types, MemoryType to, String cause) {
    change(first, last, types, List.of(entry(first, last, to, cause)));
  }

  private void change(long first, long last, Predicate<MemoryType> types, List<MapEntry> instead) {
    List<MapEntry> changed = new ArrayList<>();
    for (MapEntry entry : entries) {
      boolean meets =
          entry.shape() == RangeShape.PROPER
              && types.test(entry.type())
              && Long.compareUnsigned(entry.first(), last) <= 0
              && Long.compareUnsigned(entry.last(), first) >= 0;
      if (meets) {
        cut(entry, first, last, changed);
        instead.forEach(other -> changed.add(common(entry, other)));
      } else {
        changed.add(entry);
      }
    }
    entries = changed;
  }

  private static void cut(MapEntry entry, long first, long last, List<MapEntry> into) {
    if (Long.compareUnsigned(entry.first(), first) < 0) {
      into.add(part(entry, entry.first(), first - 1));
    }
    if (Long.compareUnsigned(entry.last(), last) > 0) {
      into.add(part(entry, last + 1, entry.last()));
    }
  }

  private static MapEntry common(MapEntry entry, MapEntry other) {
    long first =
        Long.compareUnsigned(entry.first(), other.first()) > 0 ? entry.first() : other.first();
    long last = Long.compareUnsigned(entry.last(), other.last()) < 0 ? entry.last() : other.last();
    return part(other, first, last);
  }

  private static MapEntry part(MapEntry entry, long first, long last) {
    return new MapEntry(
        first,
        last,
        entry.shape(),
        entry.type(),
        entry.typeText(),
        entry.line(),
        entry.lastLine(),
        entry.text());
  }
}
