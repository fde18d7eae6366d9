package heap.dl;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What can be configured of the heaps that this bundle opens, with defaults. Sizes are bytes with
 * an optional suffix K, M or G. Read when a heap is opened; a change has no effect on one that is
 * open.
 */
@ObjectClassDefinition(
    name = "Heap dl",
    description = "A heap with boundary tags, after dlmalloc 2.8.6")
@interface DlConfiguration {
  /** {@return the unit of growth and trimming} */
  @AttributeDefinition(
      name = "granularity",
      description = "Unit of growth and trimming: a power of two, at least a page; 0 for a page")
  String granularity() default "0";

  /** {@return the size of top above which it is trimmed} */
  @AttributeDefinition(
      name = "trim.threshold",
      description =
          "Free memory at the end of the heap above which it is given back; off for never")
  String trim_threshold() default "2M";

  /** {@return the size from which blocks get spans of their own} */
  @AttributeDefinition(
      name = "mmap.threshold",
      description = "Size from which a block gets a span of its own; off for never")
  String mmap_threshold() default "off";

  /** {@return the most memory to hold} */
  @AttributeDefinition(
      name = "footprint.limit",
      description = "The most memory to hold from below; off for no limit")
  String footprint_limit() default "off";

  /** {@return whether to grow in place} */
  @AttributeDefinition(
      name = "contiguous",
      description = "on: grow in place where possible; off: every growth is a new segment")
  String contiguous() default "on";

  /** {@return whether chunks carry footers} */
  @AttributeDefinition(
      name = "footers",
      description = "A mark behind every block, checked when it is freed; costs 8 bytes a block")
  String footers() default "off";

  /** {@return frees between two looks for unused segments} */
  @AttributeDefinition(
      name = "release.checks",
      description = "How many large chunks are freed between two looks for unused segments")
  String release_checks() default "4095";

  /** {@return whether the heap grows} */
  @AttributeDefinition(
      name = "mode",
      description = "growing: from below, as needed; fixed: one region, taken at the first request",
      options = {@Option("growing"), @Option("fixed")})
  String mode() default "growing";

  /** {@return the size of a fixed heap} */
  @AttributeDefinition(name = "capacity", description = "Size of the region in fixed mode")
  String capacity() default "64M";

  /** {@return whether calls exclude one another} */
  @AttributeDefinition(
      name = "lock",
      description = "on: calls may come from several threads; off: only from one at a time")
  String lock() default "on";

  /** {@return how many spaces there are} */
  @AttributeDefinition(
      name = "spaces",
      description =
          "Heaps of their own behind this one, 1 to 64: CPU n allocates from number n modulo so"
              + " many; all settings are for each, but footprint.limit for all together")
  String spaces() default "1";
}
