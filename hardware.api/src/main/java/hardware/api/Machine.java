package hardware.api;

import hardware.api.map.SanitisedMap;
import org.osgi.annotation.versioning.ProviderType;

/** A simulated machine that has been switched on: RAM as the firmware map says, CPUs and an MMU. */
@ProviderType
public interface Machine extends AutoCloseable {
  /** {@return what the machine is, in a line: map, RAM, CPUs, page-table format} */
  String description();

  /** {@return the map it was built from} */
  SanitisedMap map();

  /** {@return its RAM} */
  PhysicalMemory memory();

  /** {@return its memory-management unit} */
  Mmu mmu();

  /** {@return the number of CPUs, at least 1} */
  int cpus();

  /** {@return the name of its page-table format, such as {@code x86-64 4-level}} */
  String pageTableFormat();

  /**
   * Makes an address space with an empty root table.
   *
   * @param tableFrames where its tables take their frames from
   * @return the address space
   * @throws HostMemoryException if the host cannot supply the root's frame
   * @throws allocator.api.AllocatorException if the source has no frame for the root
   */
  AddressSpace createAddressSpace(FrameSource tableFrames);

  /** Switches the machine off and removes its RAM. Idempotent. */
  @Override
  void close();
}
