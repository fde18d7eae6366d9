package physmem.buddy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of the buddy allocator, with their defaults. */
@ObjectClassDefinition(
    pid = "physmem.buddy",
    name = "Buddy frame allocator",
    description = "Page frames as Linux 6.1 manages them; takes effect when the engine is opened")
@interface BuddyConfiguration {
  @AttributeDefinition(
      description =
          "report: the watermarks steer requests between zones and are shown, but the last free"
              + " frame can be had. enforce: a request that would go below them fails, as it does"
              + " in Linux when reclaim finds nothing",
      options = {@Option(value = "report"), @Option(value = "enforce")})
  String watermarks() default "report";

  @AttributeDefinition(
      description =
          "bytes kept free (min_free_kbytes), such as 4M; 0: 4 * sqrt(KiB of RAM) KiB, at least"
              + " 128 KiB and at most 256 MiB")
  String minFree() default "0";

  @AttributeDefinition(
      description =
          "raise minFree as khugepaged does where huge pages are on and RAM is 512 MiB or more: 11"
              + " pageblocks of 2 MiB per zone, at most 5 % of RAM")
  boolean khugepaged() default false;

  @AttributeDefinition(
      description = "distance between the watermarks in 1/10000 of a zone, 1 to 3000")
  int watermarkScale() default 10;

  @AttributeDefinition(
      description =
          "what DMA, DMA32 and Normal keep back from requests that could use a higher zone: the"
              + " higher zones' frames divided by this; 0: nothing")
  String lowmemReserve() default "256,256,32";

  @AttributeDefinition(description = "per-CPU lists of free frames for orders 0 to 3 and 9")
  boolean cpuLists() default true;

  @AttributeDefinition(
      description = "frames that a CPU may hold per zone; 0: the low watermark divided by the CPUs")
  int cpuHigh() default 0;

  @AttributeDefinition(
      description =
          "group frames by mobility in pageblocks of 2 MiB; auto: unless there are too few"
              + " pageblocks for it",
      options = {@Option(value = "auto"), @Option(value = "on"), @Option(value = "off")})
  String grouping() default "auto";

  @AttributeDefinition(
      description =
          "vm.defrag_mode of Linux 6.15: take from a worse zone before taking from a pageblock of"
              + " another mobility")
  boolean defragMode() default false;

  @AttributeDefinition(
      description = "bytes of address room behind each node's highest RAM for adding RAM later")
  String hotplugRoom() default "0";
}
