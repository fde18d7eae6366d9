package vmem.tree;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The metatype of the configuration {@code vmem.tree}: every key, its default and its limits. */
@ObjectClassDefinition(
    name = "Tree of addresses (vmem.tree)",
    description = "Linux vmalloc's allocator of addresses; read when the engine is opened")
@interface TreeConfiguration {
  /** {@return at which end the search begins} */
  @AttributeDefinition(
      description = "Where a range is placed: as low as it goes, or as high",
      options = {
        @Option(label = "bottom-up", value = "bottom-up"),
        @Option(label = "top-down", value = "top-down")
      })
  String placement() default "bottom-up";

  /** {@return whether each range has a guard behind it} */
  @AttributeDefinition(
      description =
          "One quantum of addresses stays unmapped behind each range, so that running over its end"
              + " faults; a range can then not be grown in place. Identifiers have none")
  boolean guard() default true;

  /** {@return freed bytes that wait, for each bit of the number of CPUs} */
  @AttributeDefinition(
      description =
          "Freed addresses wait until more than this many bytes times the bits of the number of"
              + " CPUs have gathered, and become free with one TLB flush; 0 frees each at once")
  String lazy() default "32M";

  /** {@return by how many random bits the search is displaced} */
  @AttributeDefinition(
      description =
          "Random bits, in quanta, by which the place where the search begins is moved into the"
              + " first span, at most half of it; what is left out is used last. 0 for none",
      min = "0",
      max = "48")
  long randomBits() default 0;

  /** {@return where the random numbers begin} */
  @AttributeDefinition(description = "Seed of the random displacement; each arena has its own")
  long seed() default 1;

  /** {@return how many areas an arena may have} */
  @AttributeDefinition(
      description =
          "Areas of 40 bytes that one arena may use: live and lazy ranges, free areas, spans",
      min = "4",
      max = "268435456")
  long areasMax() default 268435456;
}
