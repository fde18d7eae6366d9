package physmem.api;

/**
 * What a zone of a NUMA node spans, by the kernel that boots: {@code DMA}, {@code DMA32}, {@code
 * Normal}, {@code Movable} or {@code Device}.
 *
 * @param node the NUMA node
 * @param name the zone's name
 * @param start the first frame spanned
 * @param frames how many it spans, holes included; 0 for a zone that this machine does not have
 */
public record FrameZone(int node, String name, long start, long frames) {
  /** {@return the frame behind the last one spanned} */
  public long end() {
    return start + frames;
  }
}
