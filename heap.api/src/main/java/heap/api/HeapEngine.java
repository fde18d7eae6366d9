package heap.api;

import allocator.api.Allocator;
import java.util.Arrays;
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
 *
 * @implSpec [heap.26] Where {@link BackedSpans} refuses or throws, at any call, the request is
 *     answered with {@link #NULL} or false or the exception passes through; nothing that is live
 *     has changed, no imported memory is lost track of, and the next request is served as ever.
 *     [heap.27] {@link BackedSpans} is called with multiples of its page only, and given back is
 *     only what was imported and is held. [heap.28] When every block is freed and {@code trim(0)}
 *     has been called, the footprint is what the engine needs for itself: it does not grow from
 *     round to round.
 */
@ConsumerType
public interface HeapEngine extends Allocator {
  /** The answer when memory is exhausted. */
  long NULL = 0;

  /**
   * {@return the alignment in bytes that every block has without asking}
   *
   * @implSpec [heap.2] A power of two, and always the same.
   */
  int alignment();

  /**
   * Allocates a block.
   *
   * @implSpec [heap.3] Disjoint from every live block. [heap.4] Inside memory that was imported
   *     from {@link BackedSpans}, has frames, and has not been given back. [heap.5] Aligned to
   *     {@link #alignment}. [heap.6] At least {@code bytes} long, over its whole length the
   *     client's until it is freed: no call writes to it. [heap.7] 0 bytes yield a block with an
   *     address of its own. [heap.8] A negative size is an IllegalArgumentException. [heap.9] When
   *     memory is exhausted the answer is {@link #NULL} and what is live stays as it is; once three
   *     blocks of that size, wherever they lie, are freed, the same request is met.
   * @param cpu index of the calling CPU
   * @param bytes the size, at least 0
   * @return the address, or {@link #NULL}
   */
  long allocate(int cpu, long bytes);

  /**
   * Allocates a block whose first {@code bytes} read as zero.
   *
   * @implSpec [heap.10] The first {@code bytes} read as zero, also where a block was freed before;
   *     otherwise as {@link #allocate}.
   * @param cpu index of the calling CPU
   * @param bytes the size, at least 0
   * @return the address, or {@link #NULL}
   */
  long allocateZeroed(int cpu, long bytes);

  /**
   * Allocates an aligned block.
   *
   * @implSpec [heap.11] A multiple of {@code align}, whatever its size; otherwise as {@link
   *     #allocate}. An alignment that is no power of two is an IllegalArgumentException.
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
   * @implSpec [heap.12] All or none; each block is one of its own. If the tier below throws, what
   *     could not be freed again is left in the array, which is otherwise 0 then. The default
   *     allocates one after the other.
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
    Arrays.fill(into, NULL);
    int done = 0;
    try {
      while (done < sizes.length && allocateOne(cpu, sizes[done], zeroed, into, done)) {
        done++;
      }
    } finally {
      if (done < sizes.length) {
        freeBulk(cpu, into, 0, done); // also if the tier below threw
      }
    }
    return done == sizes.length;
  }

  private boolean allocateOne(int cpu, long bytes, boolean zeroed, long[] into, int at) {
    into[at] = zeroed ? allocateZeroed(cpu, bytes) : allocate(cpu, bytes);
    return into[at] != NULL;
  }

  /**
   * Changes the size of a block, moving it if need be; the first min(old, new) bytes keep their
   * contents.
   *
   * @implSpec [heap.13] The first min(old, new) bytes keep their contents. [heap.14] {@link #NULL}
   *     leaves the old block and its contents as they are. A block that moved is freed at its old
   *     place.
   * @param cpu index of the calling CPU
   * @param address a live block
   * @param bytes the new size, at least 0
   * @return the block's address now, or {@link #NULL} with the old block as it was
   */
  long resize(int cpu, long address, long bytes);

  /**
   * Changes the size of a block only if it can stay where it is.
   *
   * @implSpec [heap.15] True: the block is at least {@code bytes} long at the same address, with
   *     its contents. False: nothing has changed.
   * @param cpu index of the calling CPU
   * @param address a live block
   * @param bytes the new size, at least 0
   * @return true if the block has the new size now
   */
  boolean resizeInPlace(int cpu, long address, long bytes);

  /**
   * Frees a block.
   *
   * @implSpec [heap.16] The block is not live any more, and its memory serves later requests:
   *     freeing and allocating the same sizes for ever does not exhaust memory. [heap.17] Freeing,
   *     resizing or asking the size of an address that is no live block, of one inside a block, or
   *     of one freed already, is a MisuseException or a CorruptionException with nothing changed.
   * @param cpu index of the calling CPU
   * @param address a live block
   */
  void free(int cpu, long address);

  /**
   * Frees a block whose size the client knows.
   *
   * @implSpec [heap.18] As {@link #free}; the size is a promise of the client that an engine may
   *     check or use.
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
   * @implSpec [heap.19] As {@link #free} for each; zeros are passed over, freed entries are set to
   *     0, entries outside the range stay as they are.
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
   * @implSpec [heap.20] The same until the block is resized or freed, and what {@link #walk} shows;
   *     the client may use all of it.
   * @param address a live block
   */
  long usableSize(long address);

  /**
   * Gives unused memory back to below.
   *
   * @implSpec [heap.21] Gives back nothing that is live; the footprint falls by the number
   *     returned, which is at least 0.
   * @param keep how many bytes to keep at hand for the next requests
   * @return the number of bytes given back
   */
  long trim(long keep);

  /**
   * {@return the bytes held from below at this moment}
   *
   * @implSpec [heap.22] What was imported from {@link BackedSpans} and not given back, in bytes,
   *     addresses without frames not counted; equal to the sum of {@link #managed}.
   */
  long footprint();

  /**
   * {@return the most bytes that were held from below at any moment}
   *
   * @implSpec [heap.23] Never less than any footprint that was seen, and never falls.
   */
  long peakFootprint();

  /**
   * {@return the number of bytes that the footprint may not exceed; {@link Long#MAX_VALUE} for
   * none}
   */
  long footprintLimit();

  /**
   * Limits the footprint. A limit below the present footprint only stops growth.
   *
   * @implSpec [heap.24] No import takes the footprint above the limit.
   * @param bytes the limit, at least 0
   */
  void footprintLimit(long bytes);

  /**
   * Makes a cache of equal objects.
   *
   * @implSpec [heap.25] Objects of a cache are disjoint from all other live blocks, aligned as the
   *     specification asks, and in their constructed state when they are handed out; each
   *     constructed once before its first use. Closing a cache with live objects is a
   *     MisuseException.
   * @param spec its description
   * @return the cache, or empty if this engine has none of its own; the slot then serves objects as
   *     blocks, constructed at each allocation
   */
  default Optional<ObjectCache> createCache(CacheSpec spec) {
    return Optional.empty();
  }
}
