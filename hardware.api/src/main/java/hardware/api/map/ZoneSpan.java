package hardware.api.map;

/**
 * What a zone of a NUMA node spans, holes included.
 *
 * @param node node number, from 0
 * @param name the zone's name, such as {@code DMA32}
 * @param start first address in bytes, a multiple of the page size
 * @param end address in bytes after the last one; equal to {@code start} if the zone is empty
 */
public record ZoneSpan(int node, String name, long start, long end) {
  /** {@return whether the zone spans nothing} */
  public boolean isEmpty() {
    return start == end;
  }

  /** {@return bytes from the first to the last address, holes included} */
  public long size() {
    return end - start;
  }
}
