package physmem.llfree;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of the allocator, with their defaults. */
@ObjectClassDefinition(
    pid = "physmem.llfree",
    name = "LLFree frame allocator",
    description = "Page frames without locks; takes effect when the engine is opened")
@interface LlfreeConfiguration {
  @AttributeDefinition(
      description =
          "children of 512 frames in a tree, which is what a CPU reserves: a power of two from 2"
              + " to 64. Few make CPUs change trees often, many let them meet on a small machine")
  int trees() default 32;

  @AttributeDefinition(
      description =
          "let each CPU reserve a tree and allocate from it; off: all CPUs share all trees' counts")
  boolean reserve() default true;
}
