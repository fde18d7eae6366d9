package vmem.arena;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The metatype of the configuration {@code vmem.arena}: every key, its default and its limits. */
@ObjectClassDefinition(
    name = "Address arenas (vmem.arena)",
    description = "Boundary-tag arenas after Bonwick and Adams")
@interface ArenaConfiguration {
  /** {@return the policy added to that of every request without constraints} */
  @AttributeDefinition(
      description =
          "Fit policy added to every request without constraints, as UMEM_OPTIONS=allocator= does:"
              + " best is libumem's default; instant adds nothing, as in the kernel",
      options = {
        @Option(label = "instant", value = "instant"),
        @Option(label = "best", value = "best"),
        @Option(label = "first", value = "first"),
        @Option(label = "next", value = "next")
      })
  String allocator() default "best";

  /** {@return whether arenas that ask for quantum caches get them} */
  @AttributeDefinition(
      description = "Serve small multiples of the quantum from per-CPU caches where asked for")
  boolean quantumCaches() default true;

  /** {@return how many ranges a magazine holds} */
  @AttributeDefinition(
      description = "Ranges of one size that a CPU's magazine holds",
      min = "2",
      max = "1024")
  int magazineRounds() default 16;

  /** {@return how many buckets the table of live segments begins with} */
  @AttributeDefinition(
      description = "Buckets of a new arena's table of live segments, a power of two",
      min = "16",
      max = "16777216")
  int hashStart() default 16;

  /** {@return how many boundary tags an arena may use} */
  @AttributeDefinition(
      description = "Boundary tags that one arena may use; without one a request fails",
      min = "4",
      max = "268435456")
  long segmentsMax() default 1 << 28;

  /** {@return how many bytes an import asks for at least} */
  @AttributeDefinition(
      description = "Bytes that an import asks its source for at least; 0: what the request needs")
  String importLeast() default "0";
}
