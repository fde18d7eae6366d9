package vmem.tree;

import allocator.api.Statistic;
import java.util.List;

/** The figures of an arena: kstat names where there are some, then the trees and the purges. */
final class TreeFigures {
  private TreeFigures() {}

  /** {@return the figures; the caller has the arena's lock} */
  static List<Statistic> of(Space space) {
    Tally tally = space.tally;
    Lazies lazies = space.lazies;
    return List.of(
        new Statistic("mem_inuse", tally.liveBytes, "bytes"),
        new Statistic("mem_import", space.spans.imported(), "bytes"),
        new Statistic("mem_total", space.spans.bytes(), "bytes"),
        new Statistic("alloc", tally.allocations, "calls"),
        new Statistic("free", tally.frees, "calls"),
        new Statistic("wait", 0, "calls"), // nobody waits: exhaustion is a value here
        new Statistic("fail", tally.failures, "calls"),
        new Statistic("contains", tally.lookups, "calls"),
        new Statistic("spans", space.spans.tree().count(), "spans"),
        new Statistic("live", space.live.count(), "ranges"),
        new Statistic("guard", tally.guardBytes, "bytes"),
        new Statistic("free_areas", space.free.count(), "areas"),
        new Statistic("free_bytes", tally.freeBytes, "bytes"),
        new Statistic("largest_free", space.free.largest(), "bytes"),
        new Statistic("lazy_areas", lazies.tree().count(), "areas"),
        new Statistic("lazy", lazies.bytes(), "bytes"),
        new Statistic("lazy_max", lazies.most(), "bytes"),
        new Statistic("tlb_flush", lazies.purges(), "batches"),
        new Statistic("flush_range", lazies.flushed(), "bytes"),
        new Statistic("purged", lazies.purged(), "bytes"),
        new Statistic("fit_full", tally.fullFits, "calls"),
        new Statistic("fit_left", tally.leftFits, "calls"),
        new Statistic("fit_right", tally.rightFits, "calls"),
        new Statistic("fit_none", tally.innerFits, "calls"),
        new Statistic("table_bytes", space.areas.bytes(), "bytes"));
  }
}
