package heap.tlsf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured, with defaults. Read when a heap is opened. */
@ObjectClassDefinition(
    name = "Heap tlsf",
    description = "A heap with constant-time calls, after TLSF of Masmano, Ripoll, Crespo and Real")
@interface TlsfConfiguration {
  /** {@return log2 of the number of lists per power of two} */
  @AttributeDefinition(
      name = "second.level",
      description = "Log2 of the number of lists into which each power of two is split, 1 to 6")
  String second_level() default "5";

  /** {@return log2 of the size that no block reaches} */
  @AttributeDefinition(
      name = "first.level",
      description = "Log2 of the size that no block and no pool reaches, 20 to 40")
  String first_level() default "40";

  /** {@return the least growth} */
  @AttributeDefinition(
      name = "growth",
      description = "The least by which the heap grows; rounded up to pages")
  String growth() default "256K";

  /** {@return the smallest block} */
  @AttributeDefinition(
      name = "block.least",
      description = "The smallest block with its tag: a multiple of 16 from 32 to 512")
  String block_least() default "32";

  /** {@return how much empty memory a free leaves with the heap} */
  @AttributeDefinition(
      name = "empty.keep",
      description =
          "A free gives a wholly free pool back if so many bytes of others are free; off for never")
  String empty_keep() default "1M";

  /** {@return the most memory to hold} */
  @AttributeDefinition(
      name = "footprint.limit",
      description = "The most memory to hold from below; off for no limit")
  String footprint_limit() default "off";
}
