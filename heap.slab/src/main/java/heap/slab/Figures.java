package heap.slab;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;

/** The figures of a heap, named as {@code /proc/slabinfo} and the kernel's statistics name them. */
final class Figures {
  private Figures() {}

  static List<Statistic> of(SlabSpace space) {
    List<Statistic> figures = new ArrayList<>();
    ofPages(space, figures);
    for (SlabCache cache : space.caches.open()) {
      ofCache(cache, cache.label() + ".", figures);
    }
    return figures;
  }

  private static void ofPages(SlabSpace space, List<Statistic> figures) {
    figures.add(new Statistic("footprint", space.ledger.held(), "bytes"));
    figures.add(new Statistic("peak", space.ledger.peak(), "bytes"));
    figures.add(new Statistic("extents", space.extents.count(), "extents"));
    figures.add(new Statistic("extents_free", space.extents.freeBytes(), "bytes"));
    figures.add(new Statistic("import", space.extents.imports(), "calls"));
    figures.add(new Statistic("release", space.extents.releases(), "calls"));
    figures.add(new Statistic("release_refused", space.refusals.get(), "calls"));
    figures.add(new Statistic("reclaim", space.reclaims(), "calls"));
    figures.add(new Statistic("large", space.large.count(), "blocks"));
    figures.add(new Statistic("large_bytes", space.large.bytes(), "bytes"));
    figures.add(new Statistic("large_in_extents", space.large.runBytes(), "bytes"));
    figures.add(new Statistic("large_alloc", space.large.allocations(), "calls"));
    figures.add(new Statistic("large_extend", space.large.extensions(), "calls"));
    figures.add(new Statistic("large_fail", space.large.fails(), "calls"));
  }

  /** Adds the figures of one cache, each name with a prefix. */
  static void ofCache(SlabCache cache, String prefix, List<Statistic> to) {
    SlabGeometry geometry = cache.geometry;
    long slabs = cache.slabs.attached();
    long allocations = cache.allocations();
    long frees = cache.frees();
    add(to, prefix, "active_objs", Math.max(0, allocations - frees), "objects");
    add(to, prefix, "num_objs", slabs * geometry.objects(), "objects");
    add(to, prefix, "objsize", geometry.stride(), "bytes");
    add(to, prefix, "objperslab", geometry.objects(), "objects");
    add(to, prefix, "pagesperslab", geometry.pages(), "pages");
    add(to, prefix, "active_slabs", slabs - cache.slabs.empties(), "slabs");
    add(to, prefix, "num_slabs", slabs, "slabs");
    add(to, prefix, "magazine_rounds", cache.depot.rounds(), "objects");
    add(to, prefix, "magazine_resize", cache.depot.resizes(), "resizes");
    add(to, prefix, "depot_full", cache.depot.fulls(), "magazines");
    add(to, prefix, "depot_empty", cache.depot.empties(), "magazines");
    add(to, prefix, "depot_contention", cache.depot.contentions(), "calls");
    add(to, prefix, "alloc", allocations, "calls");
    add(to, prefix, "free", frees, "calls");
    add(to, prefix, "fail", cache.fails(), "calls");
    add(to, prefix, "slab_create", cache.maker.created(), "slabs");
    add(to, prefix, "slab_destroy", cache.maker.destroyed(), "slabs");
    add(to, prefix, "reap", cache.reaps(), "calls");
  }

  private static void add(List<Statistic> to, String prefix, String name, long value, String unit) {
    to.add(new Statistic(prefix + name, value, unit));
  }
}
