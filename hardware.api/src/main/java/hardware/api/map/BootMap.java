package hardware.api.map;

import java.util.List;

/**
 * What a Linux kernel makes of a firmware map when it boots: the map with the kernel's own changes
 * and those of its command line, the zones, and what it reserves at once.
 *
 * @param map RAM as the kernel counts it ("present"), by node
 * @param architecture the machine's architecture
 * @param zones every zone of every node, empty ones included, by node and then lowest first
 * @param reserved ranges that stay with the kernel although they are RAM, ascending
 * @param findings what was changed and why, and what of the command line is not honoured
 */
public record BootMap(
    SanitisedMap map,
    Architecture architecture,
    List<ZoneSpan> zones,
    List<AddressRange> reserved,
    List<Finding> findings) {
  /** Copies the lists. */
  public BootMap {
    zones = List.copyOf(zones);
    reserved = List.copyOf(reserved);
    findings = List.copyOf(findings);
  }
}
