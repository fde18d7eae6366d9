package physmem.api;

import java.util.List;

/**
 * What a zone has of one migrate type, as a line of {@code /proc/pagetypeinfo} shows it.
 *
 * @param name the type's name, such as {@code Unmovable} or {@code Movable}
 * @param freeBlocks number of free blocks by order, index 0 first
 * @param pageblocks number of pageblocks of the type
 */
public record FreeTypeReport(String name, List<Long> freeBlocks, long pageblocks) {
  /** Copies the counts. */
  public FreeTypeReport {
    freeBlocks = List.copyOf(freeBlocks);
  }
}
