package allocator.api;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * An allocator's state in a named layout, as neutral types: no class of the predecessor's bundle is
 * reachable from it.
 *
 * @param form the layout and its version
 * @param segments the metadata, in the order that the layout defines
 * @param figures named numbers that the layout defines, such as roots and counters
 */
public record LayoutState(
    TransferForm form, List<MemorySegment> segments, Map<String, Long> figures) {
  /** Copies the collections, so that the state does not change behind its reader. */
  public LayoutState {
    segments = List.copyOf(segments);
    figures = Map.copyOf(figures);
  }
}
