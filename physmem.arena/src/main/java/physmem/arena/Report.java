package physmem.arena;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import physmem.api.CpuCacheReport;
import physmem.api.ZoneReport;

/** Makes the reports. Cold; what an arena does not keep is computed from a walk. */
final class Report {
  private final ZoneArenas zones;
  private final FrameSettings settings;
  private final int cpus;

  Report(ZoneArenas zones, FrameSettings settings, int cpus) {
    this.zones = zones;
    this.settings = settings;
    this.cpus = cpus;
  }

  List<ZoneReport> zones() {
    return zones.all().stream().map(this::zone).toList();
  }

  private ZoneReport zone(ZoneArena zone) {
    return new ZoneReport(
        zone.node(),
        zone.name(),
        zone.start(),
        zone.spanned(),
        ZoneArena.frames(zone.present()),
        ZoneArena.frames(zone.managed()),
        zone.arena().freeBytes(),
        zone.arena().cachedBytes(),
        0, // an arena has no watermarks
        0,
        0,
        freeBlocks(zone),
        List.of(),
        List.of(),
        settings.cachedFrames() == 0 ? List.of() : caches(zone));
  }

  /** {@return the number of maximal aligned free blocks, by order} */
  static List<Long> freeBlocks(ZoneArena zone) {
    long[] counts = new long[ArenaFrames.MAX_ORDER + 1];
    long[] run = {0, 0}; // the rotor of next fit may part two segments that are one run
    zone.arena()
        .walkFree((base, size, none) -> {
          if (base != run[1]) {
            count(run[0], run[1], counts);
            run[0] = base;
          }
          run[1] = base + size;
          return true;
        });
    count(run[0], run[1], counts);
    return LongStream.of(counts).boxed().toList();
  }

  private static void count(long from, long to, long[] counts) {
    for (long at = from; at < to; ) {
      int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(to - at);
      int order = Math.min(fits, Long.numberOfTrailingZeros(at));
      int most = Math.min(order, ArenaFrames.MAX_ORDER);
      counts[most] += 1L << (order - most);
      at += 1L << order;
    }
  }

  private List<CpuCacheReport> caches(ZoneArena zone) {
    int rounds = settings.tuning().magazineRounds();
    long high = LongStream.iterate(1, n -> n <= settings.cachedFrames(), n -> 2 * n).sum() * rounds;
    return IntStream.range(0, cpus)
        .mapToObj(cpu -> new CpuCacheReport(cpu, zone.arena().cachedBytes(cpu), high, rounds / 2))
        .toList();
  }

  List<Statistic> statistics(long free, long failures) {
    Map<String, Statistic> sums = new LinkedHashMap<>();
    sums.put("arenas", new Statistic("arenas", zones.all().size(), "arenas"));
    for (ZoneArena zone : zones.all()) {
      for (Statistic figure : zone.arena().statistics()) {
        sums.merge(figure.name(), figure, Report::sum);
      }
    }
    sums.put("fail", new Statistic("fail", failures, "calls")); // of requests, not of zones tried
    sums.put("nr_free_pages", new Statistic("nr_free_pages", free, "frames"));
    return List.copyOf(sums.values());
  }

  private static Statistic sum(Statistic one, Statistic other) {
    return new Statistic(one.name(), one.value() + other.value(), one.unit());
  }

  /** {@return the lines of {@code /proc/buddyinfo}} */
  List<String> buddyinfo() {
    List<String> lines = new ArrayList<>();
    for (ZoneArena zone : zones.all()) {
      StringBuilder line =
          new StringBuilder("Node %d, zone %8s ".formatted(zone.node(), zone.name()));
      freeBlocks(zone).forEach(count -> line.append("%6d ".formatted(count)));
      lines.add(line.toString());
    }
    return lines;
  }
}
