package heap.slab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The report {@code slabinfo}: what {@code /proc/slabinfo} of version 2.1 prints, as SLUB fills it.
 *
 * <p>As there, an object is active unless it is free in its slab, so those that lie in magazines
 * are; every slab counts as active; what only SLAB had, the tunables and the shared objects, is 0.
 * Caches come newest first, and the general ones last.
 */
final class Slabinfo {
  /** The name of the report. */
  static final String NAME = "slabinfo";

  private static final String VERSION = "slabinfo - version: 2.1";
  private static final String HEADER =
      "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
          + " : tunables <limit> <batchcount> <sharedfactor>"
          + " : slabdata <active_slabs> <num_slabs> <sharedavail>";
  private static final String LINE =
      "%-17s %6d %6d %6d %4d %4d : tunables    0    0    0 : slabdata %6d %6d %6d";

  private Slabinfo() {}

  static List<String> of(List<SlabCache> caches) {
    List<String> lines = new ArrayList<>(List.of(VERSION, HEADER));
    for (SlabCache cache : caches.reversed()) {
      lines.add(line(cache));
    }
    return lines;
  }

  private static String line(SlabCache cache) {
    SlabGeometry geometry = cache.geometry;
    long slabs = cache.slabs.attached();
    long objects = slabs * geometry.objects();
    long active = Math.min(cache.slabs.out(), objects);
    return line(
        cache.label(),
        new long[] {active, objects, geometry.stride(), geometry.objects(), geometry.pages()},
        new long[] {slabs, slabs, 0});
  }

  /**
   * Prints one line.
   *
   * @param name the cache's
   * @param objects active_objs, num_objs, objsize, objperslab, pagesperslab
   * @param slabs active_slabs, num_slabs, sharedavail
   */
  static String line(String name, long[] objects, long[] slabs) {
    return String.format(
        Locale.ROOT,
        LINE,
        name,
        objects[0],
        objects[1],
        objects[2],
        objects[3],
        objects[4],
        slabs[0],
        slabs[1],
        slabs[2]);
  }
}
