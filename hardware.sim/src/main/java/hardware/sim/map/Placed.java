package hardware.sim.map;

import hardware.api.map.MapEntry;
import hardware.api.map.MemoryType;

/**
 * An entry that covers addresses below the address limit, and which.
 *
 * @param entry the entry as read
 * @param start first address in bytes
 * @param end address in bytes after the last one, at most the limit
 * @param usable whether the entry's type counts as usable
 */
record Placed(MapEntry entry, long start, long end, boolean usable) {
  MemoryType type() {
    return entry.type();
  }

  /** The entry's line and type, as decisions name it. */
  String label() {
    return "line " + entry.line() + " (" + entry.typeText() + ")";
  }

  /** The range as decisions print it. */
  String range() {
    return Hex.show(start) + "-" + Hex.show(end - 1);
  }
}
