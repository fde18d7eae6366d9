package allocator.arena;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of an arena under the names of the original's kstats, and a few of our own. */
final class ArenaFigures {
  private ArenaFigures() {}

  /** {@return the figures; the caller has the arena's lock} */
  static List<Statistic> of(
      Segments segments, LockedSegments home, Optional<QuantumCaches> caches, String unit) {
    List<Statistic> figures = new ArrayList<>();
    figures.add(new Statistic("mem_inuse", segments.inUse(), unit));
    figures.add(new Statistic("mem_import", segments.imported(), unit));
    figures.add(new Statistic("mem_total", segments.total(), unit));
    figures.add(new Statistic("alloc", segments.allocations(), "calls"));
    figures.add(new Statistic("free", segments.frees(), "calls"));
    figures.add(new Statistic("wait", 0, "calls")); // nobody waits: exhaustion is a value here
    figures.add(new Statistic("fail", home.failures(), "calls"));
    figures.add(new Statistic("lookup", segments.live.lookups(), "segments"));
    figures.add(new Statistic("search", segments.search.steps(), "segments"));
    figures.add(new Statistic("populate_wait", 0, "calls"));
    figures.add(new Statistic("populate_fail", home.populateFailures(), "calls"));
    figures.add(new Statistic("handback_fail", home.releaseFailures(), "calls"));
    figures.add(new Statistic("contains", segments.lookup.containsCalls(), "calls"));
    figures.add(new Statistic("contains_search", segments.lookup.containsSearches(), "spans"));
    figures.add(new Statistic("spans", segments.spans(), "spans"));
    figures.add(new Statistic("segments", segments.tags.used(), "segments"));
    figures.add(new Statistic("tag_bytes", segments.tags.bytes(), "bytes"));
    figures.add(new Statistic("hash_buckets", segments.live.buckets(), "buckets"));
    caches.ifPresent(present -> addCaches(figures, present));
    return figures;
  }

  private static void addCaches(List<Statistic> figures, QuantumCaches caches) {
    figures.add(new Statistic("qcache_alloc", caches.allocations(), "calls"));
    figures.add(new Statistic("qcache_free", caches.frees(), "calls"));
    figures.add(new Statistic("qcache_held", caches.held(), "segments"));
  }
}
