package heap.slab;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What can be configured of the heaps that this bundle opens, with defaults. Sizes are bytes with
 * an optional suffix K, M or G. Read when a heap is opened; a change has no effect on one that is
 * open.
 */
@ObjectClassDefinition(
    name = "Heap slab",
    description = "A heap of size classes and object caches over slabs, with per-CPU magazines")
@interface SlabConfiguration {
  /** {@return the unit of growth} */
  @AttributeDefinition(
      name = "extent.bytes",
      description =
          "What is imported from below at once and cut into slabs: a power of two from 8 pages to"
              + " 16M")
  String extent_bytes() default "256K";

  /** {@return up to which size large blocks are cut from extents} */
  @AttributeDefinition(
      name = "large.bytes",
      description =
          "Blocks above 8K and up to this size are cut from what was imported for slabs, larger"
              + " ones imported one by one: at most 16 pages; 0: all one by one")
  String large_bytes() default "64K";

  /** {@return how many objects a magazine holds at first} */
  @AttributeDefinition(
      name = "magazine.rounds",
      description = "Objects in a magazine at first, 1 to 143; 0: by the size of the object")
  String magazine_rounds() default "0";

  /** {@return how many objects a magazine may grow to hold} */
  @AttributeDefinition(
      name = "magazine.most",
      description = "Objects in a magazine at most, after growth under contention, 1 to 143")
  String magazine_most() default "143";

  /** {@return how slabs are cut} */
  @AttributeDefinition(
      name = "geometry",
      description =
          "slub: pages and objects per slab as Linux has them; bonwick: as in the original, a page"
              + " with its control at the end for small objects, the least waste for large ones",
      options = {@Option("slub"), @Option("bonwick")})
  String geometry() default "slub";

  /** {@return whether slabs are coloured} */
  @AttributeDefinition(
      name = "colour",
      description = "on: slabs begin at different cache lines, as far as their waste has room")
  String colour() default "on";

  /** {@return the most memory to hold} */
  @AttributeDefinition(
      name = "footprint.limit",
      description = "The most memory to hold from below; off for no limit")
  String footprint_limit() default "off";

  /** {@return whether free objects are poisoned} */
  @AttributeDefinition(
      name = "poison",
      description = "Fills free objects with 0x6b and checks that when they are allocated again")
  String poison() default "off";

  /** {@return whether objects have red zones} */
  @AttributeDefinition(
      name = "redzone",
      description = "Eight bytes behind every object, checked when it is freed or allocated")
  String redzone() default "off";

  /** {@return whether the last allocation and free of each object is noted} */
  @AttributeDefinition(
      name = "audit",
      description =
          "Notes for every object the CPU and operation that allocated and freed it last; shown"
              + " where an object is misused and by the report audit")
  String audit() default "off";

  /** {@return whether objects are handed out in random order} */
  @AttributeDefinition(
      name = "random.order",
      description = "on: a new slab hands its objects out in random order; off: by address")
  String random_order() default "off";

  /** {@return what the random order depends on} */
  @AttributeDefinition(
      name = "random.seed",
      description = "What the random order depends on, 0 to 2147483647; the same each time")
  String random_seed() default "1";
}
