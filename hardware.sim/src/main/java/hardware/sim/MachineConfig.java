package hardware.sim;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of a simulated machine, for those who list and describe them. */
@ObjectClassDefinition(
    id = "machine",
    name = "Simulated machine",
    description = "RAM, CPUs and TLB of the machine that is booted next")
@interface MachineConfig {
  /** {@return number of CPUs} */
  @AttributeDefinition(
      name = "CPUs",
      description = "Number of CPUs; 0 stands for as many as the host has, at most 8")
  int cpus() default 0;

  /** {@return directory of the RAM file} */
  @AttributeDefinition(
      name = "RAM directory",
      description =
          "Where the sparse file that holds RAM lies; empty: /dev/shm if it has room, else the"
              + " directory for temporary files")
  String ram_dir() default "";

  /** {@return first-level TLB for 4 KiB pages} */
  @AttributeDefinition(
      name = "TLB, 4 KiB",
      description = "First-level TLB for pages of 4 KiB, SETSxWAYS; 0x1 for none")
  String tlb_4k() default "16x4";

  /** {@return first-level TLB for 2 MiB pages} */
  @AttributeDefinition(
      name = "TLB, 2 MiB",
      description = "First-level TLB for pages of 2 MiB, SETSxWAYS; 0x1 for none")
  String tlb_2m() default "8x4";

  /** {@return first-level TLB for 1 GiB pages} */
  @AttributeDefinition(
      name = "TLB, 1 GiB",
      description = "First-level TLB for pages of 1 GiB, SETSxWAYS; 0x1 for none")
  String tlb_1g() default "1x4";

  /** {@return second-level TLB} */
  @AttributeDefinition(
      name = "TLB, second level",
      description = "Second-level TLB for pages of 4 KiB and 2 MiB, SETSxWAYS; 0x1 for none")
  String tlb_l2() default "128x12";
}
