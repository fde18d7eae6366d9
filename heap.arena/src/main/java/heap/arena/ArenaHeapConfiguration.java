package heap.arena;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The metatype of the configuration {@code heap.arena}: every key, its default and its limits. */
@ObjectClassDefinition(
    name = "Arena of heap bytes",
    description = "Heap blocks from the arena engine; takes effect when the heap is opened")
@interface ArenaHeapConfiguration {
  @AttributeDefinition(
      description =
          "Which free segment a block is taken from: instant costs constant time, best wastes least"
              + " and is linear in a list, first fills low lists, next reuses late",
      options = {
        @Option(label = "instant", value = "instant"),
        @Option(label = "best", value = "best"),
        @Option(label = "first", value = "first"),
        @Option(label = "next", value = "next")
      })
  String policy() default "instant";

  @AttributeDefinition(
      description =
          "Largest block that CPUs keep in magazines, a multiple of 16 up to 256; 0: none")
  String cache_most() default "256";

  @AttributeDefinition(
      description = "Blocks of one size that a CPU's magazine holds",
      min = "2",
      max = "1024")
  int magazine_rounds() default 32;

  @AttributeDefinition(
      description = "Growing or fixed: one span of the capacity, imported at the first request",
      options = {
        @Option(label = "growing", value = "growing"),
        @Option(label = "fixed", value = "fixed")
      })
  String mode() default "growing";

  @AttributeDefinition(
      description =
          "What becomes of a predecessor's blocks: rebuild takes them over where all of them can"
              + " be, and callers wait for it; lodge leaves them where they are",
      options = {
        @Option(label = "rebuild", value = "rebuild"),
        @Option(label = "lodge", value = "lodge")
      })
  String takeover() default "rebuild";

  @AttributeDefinition(description = "Bytes of a fixed heap, from a page to 1T")
  String capacity() default "64M";

  @AttributeDefinition(description = "Bytes that an import asks for at least, from a page to 1T")
  String import_bytes() default "256K";

  @AttributeDefinition(
      description = "Bytes of empty spans to keep for the next imports; empty: one import")
  String retain_bytes() default "";

  @AttributeDefinition(description = "The most bytes to hold from below; off: no limit")
  String footprint_limit() default "off";

  @AttributeDefinition(
      description = "Boundary tags that the arena may use; without one a request fails",
      min = "64",
      max = "268435456")
  long segments_max() default 1 << 28;
}
