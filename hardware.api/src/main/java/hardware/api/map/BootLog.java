package hardware.api.map;

import java.util.List;

/**
 * What a boot log tells beside the firmware map and the command line.
 *
 * @param linux whether a Linux kernel printed it
 * @param architecture the machine's architecture
 * @param early the kernel's "Early memory node ranges": RAM as it counts it
 * @param zones the kernel's "Zone ranges", all with node 0; empty zones span nothing
 * @param hotplug ranges that the affinity table marks as hot-pluggable
 * @param cpuNodes NUMA nodes that have a CPU, in input order
 * @param oneNode whether the kernel found no NUMA configuration that it could use
 * @param withdrawn ranges that the kernel took out of use because of what it read from the hardware
 *     ({@code e820: update [mem …] usable ==> reserved})
 * @param deviceTree ranges that the device tree reserves ({@code OF: reserved mem})
 */
public record BootLog(
    boolean linux,
    Architecture architecture,
    List<NodeRange> early,
    List<ZoneSpan> zones,
    List<AddressRange> hotplug,
    List<Integer> cpuNodes,
    boolean oneNode,
    List<AddressRange> withdrawn,
    List<AddressRange> deviceTree) {
  /** The log of nobody: a map alone. */
  public static final BootLog NONE =
      new BootLog(
          false,
          Architecture.OTHER,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          false,
          List.of(),
          List.of());

  /** Copies the lists. */
  public BootLog {
    early = List.copyOf(early);
    zones = List.copyOf(zones);
    hotplug = List.copyOf(hotplug);
    cpuNodes = List.copyOf(cpuNodes);
    withdrawn = List.copyOf(withdrawn);
    deviceTree = List.copyOf(deviceTree);
  }
}
