package physmem.api;

import java.util.List;

/**
 * The state of one zone of one node, as {@code /proc/zoneinfo} and {@code /proc/buddyinfo} show it.
 *
 * @param node the NUMA node
 * @param name the zone's name, such as {@code DMA}, {@code DMA32} or {@code Normal}
 * @param start the first frame spanned
 * @param spanned frames from the first to the last, holes included
 * @param present frames of RAM
 * @param managed frames that the allocator was given
 * @param free free frames, without those in per-CPU lists
 * @param cached free frames in per-CPU lists
 * @param min watermark below which only urgent requests are served
 * @param low watermark below which reclaim begins
 * @param high watermark at which reclaim ends
 * @param freeBlocks number of free blocks by order, index 0 first
 * @param protection frames kept back from requests that could use a higher zone, by the highest
 *     zone of the request: DMA, DMA32, Normal; empty if the engine keeps none back
 * @param types what there is by migrate type; empty if the engine knows none
 * @param caches the stock of each CPU, by index; empty if the engine keeps none
 */
public record ZoneReport(
    int node,
    String name,
    long start,
    long spanned,
    long present,
    long managed,
    long free,
    long cached,
    long min,
    long low,
    long high,
    List<Long> freeBlocks,
    List<Long> protection,
    List<FreeTypeReport> types,
    List<CpuCacheReport> caches) {
  /** Copies the counts. */
  public ZoneReport {
    freeBlocks = List.copyOf(freeBlocks);
    protection = List.copyOf(protection);
    types = List.copyOf(types);
    caches = List.copyOf(caches);
  }

  /**
   * Makes the report of an engine without protection, migrate types and per-CPU stock.
   *
   * @param node the NUMA node
   * @param name the zone's name
   * @param start the first frame spanned
   * @param spanned frames from the first to the last, holes included
   * @param present frames of RAM
   * @param managed frames that the allocator was given
   * @param free free frames
   * @param cached free frames in per-CPU lists
   * @param min watermark below which only urgent requests are served
   * @param low watermark below which reclaim begins
   * @param high watermark at which reclaim ends
   * @param freeBlocks number of free blocks by order, index 0 first
   */
  public ZoneReport(
      int node,
      String name,
      long start,
      long spanned,
      long present,
      long managed,
      long free,
      long cached,
      long min,
      long low,
      long high,
      List<Long> freeBlocks) {
    this(
        node,
        name,
        start,
        spanned,
        present,
        managed,
        free,
        cached,
        min,
        low,
        high,
        freeBlocks,
        List.of(),
        List.of(),
        List.of());
  }
}
