package heap.zone;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the kernel of the original would have said and killed for when its zone map was nearly or
 * quite exhausted: the last event of each kind, and how many there were. Safe for use by several
 * threads.
 */
final class ExhaustionLog {
  private static final List<String> NOTHING = List.of("no exhaustion so far");

  private final ZoneSpace space;
  private long nearCount;
  private long fullCount;
  private String largestName = "";
  private long largestBytes;
  private List<String> last = NOTHING;

  ExhaustionLog(ZoneSpace space) {
    this.space = space;
  }

  /** Notes that the limit is near. */
  synchronized void near(Zone largest) {
    nearCount++;
    note(largest);
  }

  /** Notes that a zone or a large block got no memory. */
  synchronized void exhausted(Zone largest) {
    fullCount++;
    note(largest);
  }

  private void note(Zone largest) {
    largestName = largest.name();
    largestBytes = largest.wiredBytes();
    last =
        List.of(
            String.format(
                Locale.ROOT,
                "zone_map_exhaustion: Zone mapped %d of %s, used %d, capacity %d [jetsam limit"
                    + " %d%%]",
                space.ledger.held(),
                limit(),
                space.addresses.budget().reserved(),
                space.addresses.budget().limit(),
                space.settings.jetsamPercent()),
            String.format(
                Locale.ROOT,
                "zone_map_exhaustion: Largest zone %s, size %d",
                largestName,
                largestBytes));
  }

  private String limit() {
    long limit = space.ledger.limit();
    return limit == Long.MAX_VALUE ? "no limit" : Long.toString(limit);
  }

  /** {@return the last event, and how many there were} */
  synchronized List<String> report() {
    List<String> lines = new ArrayList<>(last);
    if (nearCount + fullCount > 0) {
      lines.add(
          "%d times near the limit, %d times refused; XNU would have killed for %s"
              .formatted(nearCount, fullCount, largestName));
    }
    return lines;
  }

  synchronized long nearCount() {
    return nearCount;
  }

  synchronized long fullCount() {
    return fullCount;
  }

  /**
   * {@return the name of the zone that was the largest at the last event; empty if there was none}
   */
  synchronized String largestName() {
    return largestName;
  }
}
