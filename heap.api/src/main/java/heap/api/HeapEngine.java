package heap.api;

import allocator.api.Allocator;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A heap: what a provider implements and a slot calls.
 *
 * <p>Sizes are in bytes and unsigned requests above {@link Long#MAX_VALUE} do not occur: a negative
 * size is an {@link IllegalArgumentException}. Exhaustion is address 0. A free, resize or size
 * query of an address that is no live block is a {@link allocator.api.MisuseException}, or a {@link
 * allocator.api.CorruptionException} where the block's surroundings are found damaged; the state is
 * unchanged. Hot calls take the index of the CPU that makes them; calls may run at once.
 *
 * <p>A size of 0 yields a block of the smallest size with an address of its own.
 */
@ConsumerType
public interface HeapEngine extends Allocator {
  /** The answer when memory is exhausted. */
  long NULL = 0;

  /** {@return the alignment in bytes that every block has without asking} */
  int alignment();

  /**
   * Allocates a block.
   *
   * @implSpec Disjoint from every live block, inside memory imported from {@link BackedSpans},
   *     aligned to {@link #alignment}.
   * @param cpu index of the calling CPU
   * @param bytes the size, at least 0
   * @return the address, or {@link #NULL}
   */
  long allocate(int cpu, long bytes);

  /**
   * Allocates a block whose first {@code bytes} read as zero.
   *
   * @param cpu index of the calling CPU
   * @param bytes the size, at least 0
   * @return the address, or {@link #NULL}
   */
  long allocateZeroed(int cpu, long bytes);

  /**
   * Allocates an aligned block.
   *
   * @param cpu index of the calling CPU
   * @param align a power of two
   * @param bytes the size, at least 0
   * @return the address, a multiple of {@code align}, or {@link #NULL}
   */
  long allocateAligned(int cpu, long align, long bytes);

  /**
   * Allocates several blocks in one step; each is resized and freed by itself. An engine may lay
   * them out side by side, as dlmalloc's {@code independent_comalloc} does, and equal zeroed ones
   * as {@code independent_calloc} does.
   *
   * @implSpec All or none. The default allocates one after the other.
   * @param cpu index of the calling CPU
   * @param sizes the size of each in bytes, at least 0
   * @param zeroed whether they are to read as zero
   * @param into receives the addresses; as long as {@code sizes}
   * @return true if all were allocated; false if memory is exhausted, with none of them allocated
   * @throws IllegalArgumentException if a size is negative or the lengths differ; nothing has
   *     changed then
   */
  default boolean allocateAll(int cpu, long[] sizes, boolean zeroed, long[] into) {
    if (sizes.length != into.length) {
      throw new IllegalArgumentException(
          sizes.length + " sizes, but room for " + into.length + " addresses");
    }
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("a block of " + size + " bytes");
      }
    }
    for (int i = 0; i < sizes.length; i++) {
      into[i] = zeroed ? allocateZeroed(cpu, sizes[i]) : allocate(cpu, sizes[i]);
      if (into[i] == NULL) {
        freeBulk(cpu, into, 0, i);
        return false;
      }
    }
    return true;
  }

  /**
   * Changes the size of a block, moving it if need be; the first min(old, new) bytes keep their
   * contents.
   *
   * @param cpu index of the calling CPU
   * @param address a live block
   * @param bytes the new size, at least 0
   * @return the block's address now, or {@link #NULL} with the old block as it was
   */
  long resize(int cpu, long address, long bytes);

  /**
   * Changes the size of a block only if it can stay where it is.
   *
   * @param cpu index of the calling CPU
   * @param address a live block
   * @param bytes the new size, at least 0
   * @return true if the block has the new size now
   */
  boolean resizeInPlace(int cpu, long address, long bytes);

  /**
   * Frees a block.
   *
   * @param cpu index of the calling CPU
   * @param address a live block
   */
  void free(int cpu, long address);

  /**
   * Frees a block whose size the client knows.
   *
   * @implSpec The size is a promise of the client that an engine may check or use.
   * @param cpu index of the calling CPU
   * @param address a live block
   * @param bytes the size that was asked for
   */
  default void freeSized(int cpu, long address, long bytes) {
    free(cpu, address);
  }

  /**
   * Frees many blocks; zeros in the array are passed over. Freed entries are set to 0.
   *
   * @param cpu index of the calling CPU
   * @param addresses the blocks
   * @param from index of the first
   * @param count how many
   */
  default void freeBulk(int cpu, long[] addresses, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (addresses[i] != NULL) {
        free(cpu, addresses[i]);
        addresses[i] = NULL;
      }
    }
  }

  /**
   * {@return how many bytes of a block the client may use, at least what it asked for}
   *
   * @param address a live block
   */
  long usableSize(long address);

  /**
   * Gives unused memory back to below.
   *
   * @param keep how many bytes to keep at hand for the next requests
   * @return the number of bytes given back
   */
  long trim(long keep);

  /** {@return the bytes held from below at this moment} */
  long footprint();

  /** {@return the most bytes that were held from below at any moment} */
  long peakFootprint();

  /**
   * {@return the number of bytes that the footprint may not exceed; {@link Long#MAX_VALUE} for
   * none}
   */
  long footprintLimit();

  /**
   * Limits the footprint. A limit below the present footprint only stops growth.
   *
   * @param bytes the limit, at least 0
   */
  void footprintLimit(long bytes);

  /**
   * Makes a cache of equal objects.
   *
   * @param spec its description
   * @return the cache, or empty if this engine has none of its own; the slot then serves objects as
   *     blocks, constructed at each allocation
   */
  default Optional<ObjectCache> createCache(CacheSpec spec) {
    return Optional.empty();
  }
}
