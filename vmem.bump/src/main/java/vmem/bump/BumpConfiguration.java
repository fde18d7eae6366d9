package vmem.bump;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The metatype of the configuration {@code vmem.bump}: every key, its default and its limits. */
@ObjectClassDefinition(
    name = "Bump addresses (vmem.bump)",
    description = "Addresses that are handed out once; read when the engine is opened")
@interface BumpConfiguration {
  /** {@return which of several spans is grown} */
  @AttributeDefinition(
      description =
          "Which span grows: the lowest that has room; or the one that grew latest while it has"
              + " room, then the lowest",
      options = {
        @Option(label = "lowest", value = "lowest"),
        @Option(label = "latest", value = "latest")
      })
  String order() default "lowest";

  /** {@return how many quanta stay unused behind each range} */
  @AttributeDefinition(
      description =
          "Quanta of addresses left out behind each range: never mapped, so that running over its"
              + " end faults. With pages for quanta, 1 is one guard page; a range can then not be"
              + " grown in place",
      min = "0",
      max = "1024")
  long gap() default 0;
}
