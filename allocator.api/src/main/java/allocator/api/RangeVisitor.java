package allocator.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives ranges one at a time without an object per range.
 *
 * <p>The visitor is called while the allocator walks its own structures, so it must not call back
 * into that allocator.
 */
@FunctionalInterface
@ConsumerType
public interface RangeVisitor {
  /**
   * Takes one range.
   *
   * @param base first frame number or address of the range
   * @param size length in frames (physmem) or bytes (vmem, heap), at least 1 unless the allocator
   *     hands out empty blocks
   * @param attributes tier-specific bits: for frames the order and flags, for addresses the arena,
   *     for heap blocks 0
   * @return true to go on, false to end the walk
   */
  boolean visit(long base, long size, long attributes);
}
