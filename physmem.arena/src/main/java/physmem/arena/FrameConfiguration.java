package physmem.arena;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The metatype of the configuration {@code physmem.arena}: every key, its default, its limits. */
@ObjectClassDefinition(
    name = "Arena of page frames",
    description = "Page frames from the arena engine; takes effect when the engine is opened")
@interface FrameConfiguration {
  @AttributeDefinition(
      description =
          "Which free segment frames are taken from: instant costs constant time, best and first"
              + " fill holes; next reuses single frames late, and blocks as instant does",
      options = {
        @Option(label = "instant", value = "instant"),
        @Option(label = "best", value = "best"),
        @Option(label = "first", value = "first"),
        @Option(label = "next", value = "next")
      })
  String policy() default "instant";

  @AttributeDefinition(
      description = "Largest order that CPUs keep in magazines; -1 for no magazines",
      min = "-1",
      max = "4")
  int cacheOrder() default 3;

  @AttributeDefinition(
      description = "Blocks of one order that a CPU's magazine holds",
      min = "2",
      max = "1024")
  int magazineRounds() default 64;

  @AttributeDefinition(
      description = "Boundary tags that a zone's arena may use; without one a request fails",
      min = "64",
      max = "268435456")
  long segmentsMax() default 1 << 28;
}
