package physmem.buddy;

import static physmem.buddy.Geometry.MOVABLE;
import static physmem.buddy.Geometry.RECLAIMABLE;
import static physmem.buddy.Geometry.UNMOVABLE;

import java.util.List;

/** The migrate types' names, and the order in which one type falls back on the others. */
final class Mobility {
  /** Names as {@code /proc/pagetypeinfo} has them, by type. */
  static final List<String> NAMES = List.of("Unmovable", "Movable", "Reclaimable");

  /** How many other types a type may fall back on. */
  static final int FALLBACKS = 2;

  private static final int[] FALLBACK = {
    RECLAIMABLE, MOVABLE, // for UNMOVABLE
    RECLAIMABLE, UNMOVABLE, // for MOVABLE
    UNMOVABLE, MOVABLE, // for RECLAIMABLE
  };

  private Mobility() {}

  /** {@return the type to try as the n-th, from 0, when a type's own lists have nothing} */
  static int fallback(int type, int n) {
    return FALLBACK[type * FALLBACKS + n];
  }
}
