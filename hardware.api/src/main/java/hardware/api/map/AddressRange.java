package hardware.api.map;

/**
 * A range of physical addresses below {@link FirmwareMaps#ADDRESS_LIMIT}.
 *
 * @param start first address in bytes
 * @param end address in bytes after the last one
 */
public record AddressRange(long start, long end) {
  /** {@return bytes in the range} */
  public long size() {
    return end - start;
  }
}
