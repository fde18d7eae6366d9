package physmem.buddy;

import static physmem.buddy.Geometry.BLOCK_FRAMES;
import static physmem.buddy.Geometry.ORDERS;
import static physmem.buddy.Geometry.TYPES;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import physmem.api.CpuCacheReport;
import physmem.api.FreeTypeReport;
import physmem.api.ZoneReport;

/** Makes the reports about zones. Cold; exact while no call is under way. */
final class Reports {
  private static final long HOST_PAGE = 4096; // the least that touching metadata costs the host
  private static final int RECORDS_PER_PAGE = (int) (HOST_PAGE / PageblockTable.RECORD_BYTES);
  private static final int BLOCKS_PER_PAGE = (int) (HOST_PAGE / BLOCK_FRAMES);

  private static final long TOUCHED_EIGHT = PageblockTable.eight(PageblockTable.TOUCHED);

  private Reports() {}

  static ZoneReport zone(Zone zone) {
    zone.lock().lock();
    try {
      return zoneLocked(zone);
    } finally {
      zone.lock().unlock();
    }
  }

  private static ZoneReport zoneLocked(Zone zone) {
    FreeBlocks free = zone.free();
    return new ZoneReport(
        zone.node(),
        zone.name(),
        zone.start(),
        zone.spanned(),
        zone.present().frames(),
        zone.managed().frames(),
        free.frames(),
        zone.cached(),
        zone.marks().min(),
        zone.marks().low(),
        zone.marks().high(),
        byOrder(order -> blocks(free, order)),
        LongStream.of(zone.protection()).boxed().toList(),
        types(zone),
        caches(zone));
  }

  private static List<Long> byOrder(IntToLongFunction count) {
    return IntStream.range(0, ORDERS).mapToLong(count).boxed().toList();
  }

  private static long blocks(FreeBlocks free, int order) {
    return IntStream.range(0, TYPES).mapToLong(type -> free.count(order, type)).sum();
  }

  private static List<FreeTypeReport> types(Zone zone) {
    long[] pageblocks = pageblocks(zone);
    List<FreeTypeReport> types = new ArrayList<>();
    for (int type = 0; type < TYPES; type++) {
      int each = type;
      List<Long> counts = byOrder(order -> zone.free().count(order, each));
      types.add(new FreeTypeReport(Mobility.NAMES.get(type), counts, pageblocks[type]));
    }
    return types;
  }

  /** {@return the number of pageblocks with RAM, by type} */
  private static long[] pageblocks(Zone zone) {
    PageblockTable table = zone.free().table();
    long[] counts = new long[TYPES];
    int behind = 0; // a pageblock that two spans share counts once
    for (var span : zone.present().ends().entrySet()) {
      int end = table.indexOf(span.getValue() - 1) + 1;
      for (int block = Math.max(behind, table.indexOf(span.getKey())); block < end; block++) {
        counts[table.type(block)]++;
      }
      behind = end;
    }
    return counts;
  }

  private static List<CpuCacheReport> caches(Zone zone) {
    CpuLists[] cpus = zone.cpus();
    return IntStream.range(0, cpus.length)
        .mapToObj(i -> new CpuCacheReport(i, cpus[i].count(), cpus[i].high(), cpus[i].batch()))
        .toList();
  }

  static List<Statistic> statistics(ZoneTable table) {
    List<Zone> zones = table.zones();
    return List.of(
        new Statistic("alloc", sum(zones, Zone::allocations), "calls"),
        new Statistic("free", sum(zones, Zone::frees), "calls"),
        new Statistic("pcp_refill", sum(zones, Zone::refills), "calls"),
        new Statistic("split", sum(zones, zone -> zone.free().table().tally().splits()), "calls"),
        new Statistic("merge", sum(zones, zone -> zone.free().table().tally().merges()), "calls"),
        new Statistic("pageblock_claim", sum(zones, zone -> zone.picker().claims()), "blocks"),
        new Statistic("pageblock_steal", sum(zones, zone -> zone.picker().steals()), "blocks"),
        new Statistic("nr_free_pages", sum(zones, zone -> zone.free().frames()), "frames"),
        new Statistic("pcp_count", sum(zones, Zone::cached), "frames"),
        new Statistic("hwpoison", sum(zones, zone -> zone.poison().retired()), "frames"),
        new Statistic("hwpoison_waiting", sum(zones, zone -> zone.poison().waiting()), "frames"),
        new Statistic("managed", sum(zones, zone -> zone.managed().frames()), "frames"));
  }

  private static long sum(List<Zone> zones, ToLongFunction<Zone> figure) {
    return zones.stream().mapToLong(figure).sum();
  }

  /** {@return the host memory that metadata has touched, in whole pages of the host} */
  static long metadataBytes(ZoneTable table) {
    return sum(table.zones(), Reports::metadataBytes);
  }

  private static long metadataBytes(Zone zone) {
    PageblockTable blocks = zone.free().table();
    long pages = 0;
    for (int block = 0; block < blocks.blocks(); block += BLOCKS_PER_PAGE) {
      boolean touched = touched(blocks, block);
      pages += touched ? 1 : 0;
      boolean ofRecord = touched || touched(blocks, block + BLOCKS_PER_PAGE);
      pages += ofRecord && block % RECORDS_PER_PAGE == 0 ? 1 : 0;
    }
    long lists = Arrays.stream(zone.cpus()).mapToLong(CpuLists::bytes).sum();
    return pages * HOST_PAGE + blocks.denseBytes() + lists;
  }

  private static boolean touched(PageblockTable blocks, int from) {
    return from < blocks.blocks() && (blocks.eightMarks(from) & TOUCHED_EIGHT) != 0;
  }
}
