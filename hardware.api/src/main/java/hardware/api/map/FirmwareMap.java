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
 * @param commandLine the kernel command line that the log quotes; empty if it quotes none
 */
public record FirmwareMap(
    String name,
    String format,
    boolean efi,
    MapSection section,
    List<MapEntry> entries,
    List<NodeRange> nodes,
    List<Finding> findings,
    String commandLine) {

  /** Copies the lists. */
  public FirmwareMap {
    entries = List.copyOf(entries);
    nodes = List.copyOf(nodes);
    findings = List.copyOf(findings);
  }
}
