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

  @AttributeDefinition(
      description =
          "what the frames are when the engine is opened. free: all are free. allocated: all are"
              + " allocated, children of 512 frames as blocks of order 9, the rest as single"
              + " frames. recover: what the store says, after a crash too. trust: what the store"
              + " says, nothing checked")
  String init() default "free";

  @AttributeDefinition(
      description =
          "file that keeps the lower level's metadata, so that it outlives the process; empty: in"
              + " memory. init=free and init=allocated overwrite what is there")
  String store() default "";
}
