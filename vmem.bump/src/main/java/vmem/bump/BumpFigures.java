package vmem.bump;

import allocator.api.Statistic;
import java.util.List;

/** The figures of an arena: kstat names where there are some, and the forecast of its end. */
final class BumpFigures {
  private final Territory territory;
  private final long quantum;
  private final long failures;
  private final long lookups;
  private final long rate;
  private long total;
  private long imported;
  private long left;

  /** Reads everything off; the caller has the arena's lock. */
  BumpFigures(Territory territory, Forecast forecast, long quantum, long failures, long lookups) {
    this.territory = territory;
    this.quantum = quantum;
    this.failures = failures;
    this.lookups = lookups;
    this.rate = forecast.rate(territory.bumped());
    Spans spans = territory.spans();
    for (int span = 0; span < spans.count(); span++) {
      total += spans.size(span);
      imported += spans.isImported(span) ? spans.size(span) : 0;
      left += spans.room(span);
    }
  }

  /** {@return the figures as statistics; the caller has the arena's lock} */
  List<Statistic> list() {
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
        new Statistic("consumed", consumed(), "bytes"),
        new Statistic("skipped", skipped(), "bytes"),
        new Statistic("calls_left", callsLeft(), "calls"),
        new Statistic("rate", rate, "bytes/s"),
        new Statistic("seconds_left", secondsLeft(), "seconds"),
        new Statistic("table_bytes", live.tableBytes(), "bytes"));
  }

  /** {@return bytes above all frontiers} */
  long left() {
    return left;
  }

  /** {@return bytes below the frontiers} */
  long consumed() {
    return total - left;
  }

  /** {@return bytes so far that frontiers moved over and no range has} */
  long skipped() {
    return territory.skipped();
  }

  /** {@return bytes used up per second lately} */
  long rate() {
    return rate;
  }

  /** {@return for how long that lasts, without import; {@link Forecast#NEVER} if none is used} */
  long secondsLeft() {
    return Forecast.secondsLeft(left, rate);
  }

  /**
   * {@return how many more requests of the mean size so far the spans can serve, without import}
   */
  long callsLeft() {
    long calls = territory.allocations();
    long mean = calls == 0 ? quantum : Long.divideUnsigned(territory.bumped(), calls);
    return Long.divideUnsigned(left, Unsigned.max(mean, quantum)); // bumped wraps at 2^64
  }
}
