package hardware.sim.map;

import hardware.api.map.Decision;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.MapEntry;
import hardware.api.map.RangeShape;
import java.util.ArrayList;
import java.util.List;

/** Decides which entries cover addresses that can exist, and clips them to those. */
final class Placement {
  private static final long LIMIT = FirmwareMaps.ADDRESS_LIMIT;

  private final boolean loaderUsable;
  private final List<Decision> decisions;
  private final List<Placed> placed = new ArrayList<>();

  private Placement(boolean loaderUsable, List<Decision> decisions) {
    this.loaderUsable = loaderUsable;
    this.decisions = decisions;
  }

  /** The placed entries in input order; what is left out or clipped goes to {@code decisions}. */
  static List<Placed> place(
      List<MapEntry> entries, boolean loaderUsable, List<Decision> decisions) {
    Placement placement = new Placement(loaderUsable, decisions);
    entries.forEach(placement::place);
    return placement.placed;
  }

  private void place(MapEntry entry) {
    boolean usable = entry.type().usable(loaderUsable);
    switch (entry.shape()) {
      case EMPTY -> drop(Decision.Kind.EMPTY_DROPPED, entry, "has a length of 0");
      case REVERSED ->
          drop(
              Decision.Kind.WRAPPED_DROPPED,
              entry,
              "ends at " + Hex.show(entry.last()) + ", before it begins");
      case OVERFLOWING -> {
        if (usable) {
          drop(Decision.Kind.WRAPPED_DROPPED, entry, "runs past 2^64");
        } else {
          clip(entry, false);
        }
      }
      case PROPER -> clip(entry, usable);
    }
  }

  private void drop(Decision.Kind kind, MapEntry entry, String why) {
    String message =
        "line %d (%s) at %s %s: left out"
            .formatted(entry.line(), entry.typeText(), Hex.show(entry.first()), why);
    decisions.add(new Decision(kind, entry.first(), entry.first(), entry, message));
  }

  private void clip(MapEntry entry, boolean usable) {
    boolean low = Long.compareUnsigned(entry.first(), LIMIT) < 0;
    boolean fits = low && Long.compareUnsigned(entry.last(), LIMIT) < 0;
    if (!fits || entry.shape() == RangeShape.OVERFLOWING) {
      String message =
          "line %d (%s) reaches %s: the part from %s on, above 52 address bits, is left out"
              .formatted(
                  entry.line(),
                  entry.typeText(),
                  entry.shape() == RangeShape.OVERFLOWING ? "past 2^64" : Hex.show(entry.last()),
                  Hex.show(low ? LIMIT : entry.first()));
      decisions.add(
          new Decision(
              Decision.Kind.CLIPPED, low ? LIMIT : entry.first(), entry.last(), entry, message));
    }
    if (low) {
      placed.add(new Placed(entry, entry.first(), fits ? entry.last() + 1 : LIMIT, usable));
    }
  }
}
