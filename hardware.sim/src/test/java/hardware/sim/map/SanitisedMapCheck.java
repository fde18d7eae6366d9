package hardware.sim.map;

import hardware.api.map.AddressRange;
import hardware.api.map.FirmwareMaps;
import hardware.api.map.SanitisedMap;
import hardware.api.map.UsableSpan;
import java.util.List;

/** Recomputes slowly what a sanitised map promises. */
final class SanitisedMapCheck {
  private final SanitisedMap map;

  private SanitisedMapCheck(SanitisedMap map) {
    this.map = map;
  }

  /**
   * Checks order, alignment, limits, sums and disjointness.
   *
   * @throws IllegalStateException if one of them does not hold
   */
  static void check(SanitisedMap map) {
    SanitisedMapCheck check = new SanitisedMapCheck(map);
    List<AddressRange> usable = ranges(map.usable());
    check.pages("usable", usable, false);
    check.pages("by node", ranges(map.byNode()), true);
    check.pages("reserved", map.reserved(), false);
    check.sum("usable", map.usableBytes(), usable);
    check.sum("by node", map.usableBytes(), ranges(map.byNode()));
    check.sum("reserved", map.reservedBytes(), map.reserved());
    check.disjoint(usable);
  }

  private static List<AddressRange> ranges(List<UsableSpan> spans) {
    return spans.stream().map(s -> new AddressRange(s.start(), s.end())).toList();
  }

  private void pages(String what, List<AddressRange> ranges, boolean mayTouch) {
    long before = -1;
    for (AddressRange r : ranges) {
      boolean ordered = mayTouch ? r.start() >= before : r.start() > before;
      boolean aligned = ((r.start() | r.end()) & (map.pageSize() - 1)) == 0;
      require(ordered && r.start() < r.end(), what + " out of order or empty: " + r);
      require(aligned && r.end() <= FirmwareMaps.ADDRESS_LIMIT, what + " not whole pages: " + r);
      before = r.end();
    }
  }

  private void sum(String what, long stated, List<AddressRange> ranges) {
    long sum = ranges.stream().mapToLong(AddressRange::size).sum();
    require(sum == stated, what + " bytes " + stated + " but ranges have " + sum);
  }

  private void disjoint(List<AddressRange> usable) {
    for (AddressRange u : usable) {
      for (AddressRange r : map.reserved()) {
        require(u.end() <= r.start() || r.end() <= u.start(), u + " overlaps " + r);
      }
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }
}
