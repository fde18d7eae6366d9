package heap.zone;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What can be configured of the heaps that this bundle opens, with defaults. Sizes are bytes with
 * an optional suffix K, M or G. Read when a heap is opened; a change has no effect on one that is
 * open. Names as the original's boot arguments, where it has one, with dots.
 */
@ObjectClassDefinition(
    name = "Heap zone",
    description = "A heap of zones by type and size, after XNU's zone allocator and kalloc")
@interface ZoneConfiguration {
  /** {@return which table of size classes} */
  @AttributeDefinition(
      name = "kalloc.classes",
      description =
          "var: two classes for each power of two, as kalloc.type.var has them; type: the 27 or 29"
              + " of kalloc.type")
  String kalloc_classes() default "var";

  /** {@return the largest size class} */
  @AttributeDefinition(
      name = "kalloc.max",
      description = "The largest size class: 16K as on x86_64, or 32K as on arm64")
  String kalloc_max() default "16K";

  /** {@return whether addresses stay with their zone} */
  @AttributeDefinition(
      name = "sequester",
      description =
          "on: addresses stay with the zone that had them first, only frames go back; off: as for"
              + " data, addresses go back too")
  String sequester() default "on";

  /** {@return the number of submaps} */
  @AttributeDefinition(
      name = "submaps",
      description = "General submaps that zones are spread over at random, 1 to 16")
  String submaps() default "4";

  /** {@return the unit in which submaps reserve addresses} */
  @AttributeDefinition(
      name = "submap.span",
      description =
          "Addresses that a submap reserves at once, at most: a power of two up to 4G, with room"
              + " for the most chunks; reserved addresses have no frames")
  String submap_span() default "16M";

  /** {@return the most addresses} */
  @AttributeDefinition(
      name = "map.bytes",
      description = "The most addresses of all submaps together")
  String map_bytes() default "24G";

  /** {@return how many chunks get addresses at once} */
  @AttributeDefinition(
      name = "runs.most",
      description = "Chunks that get addresses at once: 1 to so many, at random; 1 to 10")
  String runs_most() default "10";

  /** {@return whether there are guards} */
  @AttributeDefinition(
      name = "guards",
      description =
          "on: a guard behind one chunk in four and behind the last of a run, and before one run in"
              + " four")
  String guards() default "on";

  /** {@return whether chunks are shuffled} */
  @AttributeDefinition(
      name = "shuffle",
      description = "on: the chunks of a run are used in random order")
  String shuffle() default "on";

  /** {@return when CPUs get magazines} */
  @AttributeDefinition(
      name = "caching",
      description =
          "When a zone gets per-CPU magazines: contention: when its lock is contended; always;"
              + " never")
  String caching() default "contention";

  /** {@return how contended} */
  @AttributeDefinition(
      name = "zc.enable.level",
      description =
          "Contentions per second and CPU, in two periods in a row, from which on a zone gets"
              + " per-CPU magazines; 1 to 1000000")
  String zc_enable_level() default "10";

  /** {@return elements of a magazine} */
  @AttributeDefinition(name = "zc.mag.size", description = "Elements of a magazine, 1 to 128")
  String zc_mag_size() default "8";

  /** {@return the length of a period} */
  @AttributeDefinition(
      name = "wss.period",
      description =
          "Milliseconds of a period, after which contention and working set of a zone are looked"
              + " at; 1 to 3600000")
  String wss_period() default "15000";

  /** {@return the most memory to hold} */
  @AttributeDefinition(
      name = "footprint.limit",
      description = "The most memory to hold from below; off for no limit")
  String footprint_limit() default "off";

  /** {@return when memory is reclaimed} */
  @AttributeDefinition(
      name = "jetsam.limit",
      description =
          "Percent of footprint.limit from which on a zone that grows reclaims from all zones"
              + " first, and the largest is noted; 1 to 100")
  String jetsam_limit() default "95";

  /** {@return what random choices begin with} */
  @AttributeDefinition(
      name = "seed",
      description = "What the random choices begin with; the same seed gives the same choices")
  String seed() default "1";
}
