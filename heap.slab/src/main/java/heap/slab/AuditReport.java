package heap.slab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * The report {@code audit}: the live objects that were allocated longest ago, which is where leaks
 * collect. Empty but for its head unless the setting {@code audit} is on.
 */
final class AuditReport {
  /** The name of the report. */
  static final String NAME = "audit";

  private static final int MOST = 50; // lines: the oldest objects
  private static final String HEAD = "operation   address            cache             history";

  private record Entry(long operation, long address, SlabCache cache) {
    String line() {
      String history = cache.history(address);
      return String.format(
          Locale.ROOT,
          "%-11d 0x%016x %-17s %s",
          operation,
          address,
          cache.label(),
          history.substring(Math.min(2, history.length())));
    }
  }

  private AuditReport() {}

  static List<String> of(SlabSpace space) {
    PriorityQueue<Entry> oldest =
        new PriorityQueue<>(Comparator.comparingLong(Entry::operation).reversed());
    if (space.settings.audit()) {
      collect(space, oldest);
    }
    List<String> lines = new ArrayList<>(List.of(HEAD));
    oldest.stream()
        .sorted(Comparator.comparingLong(Entry::operation))
        .map(Entry::line)
        .forEach(lines::add);
    return lines;
  }

  private static void collect(SlabSpace space, PriorityQueue<Entry> oldest) {
    new Inspect(space)
        .live((address, bytes, attributes) -> {
          short owner = space.regions.owner(address);
          if (owner > 0) {
            SlabCache cache = space.caches.byId(owner);
            oldest.add(new Entry(cache.allocation(address), address, cache));
          }
          if (oldest.size() > MOST) {
            oldest.remove();
          }
          return true;
        });
  }
}
