package heap.zone;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;

/** The figures of a heap, named as XNU's {@code struct zone} names them. */
final class Figures {
  private Figures() {}

  static List<Statistic> of(ZoneSpace space) {
    List<Statistic> figures = new ArrayList<>();
    ofMap(space, figures);
    ofLarge(space.large, figures);
    for (Zone zone : space.zones.open()) {
      ofZone(zone, zone.name() + ".", figures);
    }
    return figures;
  }

  private static void ofMap(ZoneSpace space, List<Statistic> figures) {
    add(figures, "", "footprint", space.ledger.held(), "bytes");
    add(figures, "", "peak", space.ledger.peak(), "bytes");
    add(figures, "", "va_reserved", space.addresses.budget().reserved(), "bytes");
    add(figures, "", "va_limit", space.addresses.budget().limit(), "bytes");
    add(figures, "", "guard_pages", space.addresses.guardPages(), "pages");
    add(figures, "", "bitmap_bytes", space.bitmaps.takenWords() * Long.BYTES, "bytes");
    add(figures, "", "gc_trim", space.gc.trims(), "calls");
    add(figures, "", "gc_drain", space.gc.drains(), "calls");
    add(figures, "", "gc_refused", space.refusals.get(), "calls");
    add(figures, "", "exhaustion_near", space.gc.log().nearCount(), "events");
    add(figures, "", "exhaustion", space.gc.log().fullCount(), "events");
  }

  private static void ofLarge(LargeBlocks large, List<Statistic> figures) {
    add(figures, "", "large", large.count(), "blocks");
    add(figures, "", "large_bytes", large.bytes(), "bytes");
    add(figures, "", "large_alloc", large.allocations(), "calls");
    add(figures, "", "large_extend", large.extensions(), "calls");
    add(figures, "", "large_fail", large.fails(), "calls");
  }

  /** Adds the figures of one zone, each name with a prefix. */
  static void ofZone(Zone zone, String prefix, List<Statistic> to) {
    Chunks chunks = zone.chunks;
    add(to, prefix, "elem_size", zone.shape.geometry().elemSize(), "bytes");
    add(to, prefix, "chunk_pages", zone.shape.geometry().chunkPages(), "pages");
    add(to, prefix, "inuse", zone.live(), "elements");
    add(to, prefix, "elems_avail", chunks.elemsAvail(), "elements");
    add(to, prefix, "elems_free", chunks.elemsFree(), "elements");
    add(to, prefix, "wired_cur", chunks.wired(), "pages");
    add(to, prefix, "wired_hwm", chunks.wiredMost(), "pages");
    add(to, prefix, "wired_empty", chunks.wiredEmpty(), "pages");
    add(to, prefix, "va_cur", chunks.vaPages(), "pages");
    add(to, prefix, "caching", zone.isCaching() ? 1 : 0, "flag");
    add(to, prefix, "depot_size", zone.workingSet.depotMost(), "magazines");
    add(to, prefix, "recirc_full", zone.recirculation.fulls(), "magazines");
    add(to, prefix, "recirc_empty", zone.recirculation.empties(), "magazines");
    add(to, prefix, "contention_wma", zone.contention.average(), "1/256 per s and CPU");
    add(to, prefix, "populated", zone.expander.populated(), "pages");
    add(to, prefix, "depopulated", zone.reclaimer.depopulated(), "pages");
    add(to, prefix, "alloc", zone.allocations(), "calls");
    add(to, prefix, "free", zone.frees(), "calls");
    add(to, prefix, "fail", zone.fails(), "calls");
  }

  private static void add(List<Statistic> to, String prefix, String name, long value, String unit) {
    to.add(new Statistic(prefix + name, value, unit));
  }
}
