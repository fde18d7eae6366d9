package physmem.buddy;

import java.util.List;
import physmem.api.FrameContext;

/**
 * Sets what depends on how much each zone manages: watermarks, reserves, and the size of per-CPU
 * lists. Called when the zones are made and when frames are added or taken out.
 *
 * @param context page size and CPUs
 * @param settings what overrides the kernel's formulae
 */
record Tuning(FrameContext context, BuddySettings settings) {
  private static final long KIB = 1024;
  private static final long HUGE_FROM = 512L << 20; // the kernel's limit for huge pages

  void apply(ZoneTable table) {
    long total = table.zones().stream().mapToLong(zone -> zone.managed().frames()).sum();
    setMarks(table, minFreeBytes(total) / context.pageBytes(), total);
    if (settings.khugepaged() && total >= HUGE_FROM / context.pageBytes()) {
      raiseForHugePages(table, total);
    }
    for (Zone zone : table.zones()) {
      protect(zone, table.zones());
      resize(zone);
    }
  }

  private void setMarks(ZoneTable table, long minFree, long total) {
    for (Zone zone : table.zones()) {
      long managed = zone.managed().frames();
      zone.setMarks(Watermarks.of(minFree, managed, Math.max(1, total), settings.watermarkScale()));
    }
  }

  private void raiseForHugePages(ZoneTable table, long total) {
    int zones = 0;
    long spare = 0;
    long minFree = minFreeBytes(total) / context.pageBytes();
    for (Zone zone : table.zones()) {
      if (zone.kind() != Zone.MOVABLE && zone.managed().frames() > 0) {
        zones++;
        spare += Math.max(0, zone.managed().frames() - zone.marks().high());
      }
    }
    setMarks(table, Math.max(minFree, Watermarks.forHugePages(zones, spare)), total);
  }

  private long minFreeBytes(long total) {
    if (settings.minFreeBytes() != 0) {
      return Math.min(settings.minFreeBytes(), total * context.pageBytes());
    }
    return Watermarks.minFreeKib(total * context.pageBytes() / KIB) * KIB;
  }

  /** Keeps part of a zone back from requests that could use the node's higher zones. */
  private void protect(Zone zone, List<Zone> zones) {
    int ratio = zone.kind() == Zone.MOVABLE ? 0 : settings.reserveRatios().get(zone.kind());
    long above = 0;
    for (int highest = zone.kind() + 1; highest < Zone.KINDS; highest++) {
      above += managedIn(zones, zone.node(), highest);
      boolean none = ratio == 0 || zone.managed().frames() == 0;
      zone.protection()[highest] = none ? 0 : above / ratio;
    }
  }

  private static long managedIn(List<Zone> zones, int node, int kind) {
    return zones.stream()
        .filter(zone -> zone.node() == node && zone.kind() == kind)
        .mapToLong(zone -> zone.managed().frames())
        .sum();
  }

  private void resize(Zone zone) {
    int batch = Watermarks.batch(zone.managed().frames(), context.pageBytes());
    int cpus = 0;
    for (int cpu = 0; cpu < context.cpus(); cpu++) {
      cpus += context.nodeOf(cpu) == zone.node() ? 1 : 0;
    }
    int high = zone.marks().cacheHigh(cpus == 0 ? context.cpus() : cpus, batch);
    for (CpuLists lists : zone.cpus()) {
      lists.resize(batch, settings.cpuHigh() == 0 ? high : settings.cpuHigh());
    }
  }
}
