package hardware.api.map;

import java.util.List;

/**
 * A firmware map as its input states it: nothing sorted, merged or resolved.
 *
 * @param name name of the input, as errors and reports print it
 * @param format name of the format that the entries were read from
 * @param efi whether the types are EFI types, so that loader memory may count as usable
 * @param section which of the maps in the input this is; never {@link MapSection#LAST}
 * @param entries the ranges in input order
 * @param nodes NUMA nodes' ranges in input order; empty if the input has none
 * @param findings what the reader noticed, in line order
 * @param commandLine the kernel command line that the log quotes, or that the options gave in its
 *     place; empty if there is none
 * @param log what else the log tells
 */
public record FirmwareMap(
    String name,
    String format,
    boolean efi,
    MapSection section,
    List<MapEntry> entries,
    List<NodeRange> nodes,
    List<Finding> findings,
    String commandLine,
    BootLog log) {

  /** Copies the lists. */
  public FirmwareMap {
    entries = List.copyOf(entries);
    nodes = List.copyOf(nodes);
    findings = List.copyOf(findings);
  }

  /**
   * A map that is not part of a boot log.
   *
   * @param name name of the input
   * @param format name of the format that the entries were read from
   * @param efi whether the types are EFI types
   * @param section which of a log's maps it is
   * @param entries its ranges
   * @param nodes NUMA nodes
   * @param findings what a reader should know
   * @param commandLine the kernel's command line
   */
  public FirmwareMap(
      String name,
      String format,
      boolean efi,
      MapSection section,
      List<MapEntry> entries,
      List<NodeRange> nodes,
      List<Finding> findings,
      String commandLine) {
    this(name, format, efi, section, entries, nodes, findings, commandLine, BootLog.NONE);
  }

  /**
   * {@return the same map with other entries and nodes}
   *
   * @param otherEntries its ranges
   * @param otherNodes NUMA nodes
   */
  public FirmwareMap withRanges(List<MapEntry> otherEntries, List<NodeRange> otherNodes) {
    return new FirmwareMap(
        name, format, efi, section, otherEntries, otherNodes, findings, commandLine, log);
  }

  /**
   * {@return the same map with other findings}
   *
   * @param others the findings
   */
  public FirmwareMap withFindings(List<Finding> others) {
    return new FirmwareMap(name, format, efi, section, entries, nodes, others, commandLine, log);
  }
}
