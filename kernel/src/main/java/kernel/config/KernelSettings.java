package kernel.config;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What of the kernel can be set, with defaults. */
@ObjectClassDefinition(
    id = "kernel",
    name = "Quarry kernel",
    description = "Choice of providers, backing of ranges and lazy unmapping")
public @interface KernelSettings {
  /** {@return the provider of the physmem tier} */
  @AttributeDefinition(description = "Provider of the physmem tier")
  String physmem() default "buddy";

  /** {@return the provider of the vmem tier} */
  @AttributeDefinition(description = "Provider of the vmem tier")
  String vmem() default "arena";

  /** {@return the provider of the heap tier} */
  @AttributeDefinition(description = "Provider of the heap tier")
  String heap() default "dl";

  /** {@return log2 of the pages backed by one frame block} */
  @AttributeDefinition(
      description =
          "log2 of the pages that share one frame block behind a range: 0 to 6; larger costs"
              + " fewer host mappings and more frames at the edges")
  String cluster_order() default "4";

  /** {@return bytes that may wait for a TLB flush} */
  @AttributeDefinition(
      description =
          "Bytes of released ranges that may wait for one common TLB flush before their frames"
              + " go home; 0 flushes at each release")
  String lazy_bytes() default "32M";

  /** {@return bytes of RAM that get their pages on the host during boot} */
  @AttributeDefinition(
      description =
          "Bytes of RAM that get their pages on the host during boot, so that the first touch does"
              + " not show in an allocator's time; at most a quarter of the RAM")
  String ready_bytes() default "64M";

  /** {@return bytes of the kernel's image} */
  @AttributeDefinition(
      description = "Bytes of RAM that the kernel's own image occupies; shrunk on small machines")
  String image() default "2M";

  /** {@return whether all RAM is mapped at boot} */
  @AttributeDefinition(
      description = "on: all RAM is mapped linearly at boot, in the largest leaves that fit")
  String direct_map() default "on";

  /** {@return bytes of addresses for the heap} */
  @AttributeDefinition(
      description =
          "Bytes of addresses reserved for the heap, a power of two; auto: twice the RAM, at"
              + " least 256G, at most 1T")
  String heap_window() default "auto";

  /** {@return how long callers wait for a provider} */
  @AttributeDefinition(
      description =
          "Milliseconds that callers of a tier wait for a provider when the last one has left;"
              + " then they get an exception")
  int vacant_wait() default 5000;

  /** {@return how long a step of an exchange may take} */
  @AttributeDefinition(
      description =
          "Milliseconds that each step of an exchange may take (opening, waiting for calls under"
              + " way, passing on); then it is called off and the predecessor serves on")
  int swap_timeout() default 5000;

  /** {@return how long a predecessor may take to be read to its end} */
  @AttributeDefinition(
      description =
          "Milliseconds that listing the blocks of a former heap may take; nobody waits for it")
  int retire_timeout() default 60000;
}
