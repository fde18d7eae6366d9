package vmem.bump;

import allocator.api.Statistic;
import java.util.List;

/** The figures of an arena: kstat names where there are some, and the forecast of its end. */
final class BumpFigures {
  private long total;
  private long imported;
  private long left;

  private BumpFigures(Spans spans) {
    for (int span = 0; span < spans.count(); span++) {
      total += spans.size(span);
      imported += spans.isImported(span) ? spans.size(span) : 0;
      left += spans.room(span);
    }
  }

  /** {@return the figures; the caller has the arena's lock} */
  static List<Statistic> of(Territory territory, long quantum, long failures, long lookups) {
    return new BumpFigures(territory.spans()).list(territory, quantum, failures, lookups);
  }

  private List<Statistic> list(Territory territory, long quantum, long failures, long lookups) {
    LiveRanges live = territory.live();
    return List.of(
        new Statistic("mem_inuse", live.bytes(), "bytes"),
        new Statistic("mem_import", imported, "bytes"),
        new Statistic("mem_total", total, "bytes"),
        new Statistic("alloc", territory.allocations(), "calls"),
        new Statistic("free", territory.frees(), "calls"),
        new Statistic("wait", 0, "calls"), // nobody waits: exhaustion is a value here
        new Statistic("fail", failures, "calls"),
        new Statistic("contains", lookups, "calls"),
        new Statistic("spans", territory.spans().count(), "spans"),
        new Statistic("live", live.count(), "ranges"),
        new Statistic("left", left, "bytes"),
        new Statistic("consumed", total - left, "bytes"),
        new Statistic("skipped", territory.skipped(), "bytes"),
        new Statistic("calls_left", callsLeft(territory, quantum), "calls"),
        new Statistic("table_bytes", live.tableBytes(), "bytes"));
  }

  /**
   * {@return how many more requests of the mean size so far the spans can serve, without import}
   */
  private long callsLeft(Territory territory, long quantum) {
    long calls = territory.allocations();
    long mean = calls == 0 ? quantum : Long.divideUnsigned(territory.bumped(), calls);
    return Long.divideUnsigned(left, Unsigned.max(mean, quantum)); // bumped wraps at 2^64
  }
}
