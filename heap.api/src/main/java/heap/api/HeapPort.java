package heap.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A client's own entrance to the heap slot. Not safe for use by several threads at once.
 *
 * <p>The calls are those of {@link HeapEngine} with the port's CPU index.
 */
@ProviderType
public interface HeapPort extends AutoCloseable {
  /** {@return the CPU index that this port's calls carry} */
  int cpu();

  /**
   * Allocates a block; see {@link HeapEngine#allocate}.
   *
   * @param bytes the size
   * @return the address, or 0
   */
  long allocate(long bytes);

  /**
   * Allocates a zeroed block; see {@link HeapEngine#allocateZeroed}.
   *
   * @param bytes the size
   * @return the address, or 0
   */
  long allocateZeroed(long bytes);

  /**
   * Allocates an aligned block; see {@link HeapEngine#allocateAligned}.
   *
   * @param align a power of two
   * @param bytes the size
   * @return the address, or 0
   */
  long allocateAligned(long align, long bytes);

  /**
   * Allocates several blocks in one step; see {@link HeapEngine#allocateAll}.
   *
   * @param sizes the size of each in bytes, at least 0
   * @param zeroed whether they are to read as zero
   * @param into receives the addresses; as long as {@code sizes}
   * @return true if all were allocated; false if none was
   */
  boolean allocateAll(long[] sizes, boolean zeroed, long[] into);

  /**
   * Changes the size of a block; see {@link HeapEngine#resize}.
   *
   * @param address a live block
   * @param bytes the new size
   * @return the block's address now, or 0 with the old block as it was
   */
  long resize(long address, long bytes);

  /**
   * Changes the size of a block in place; see {@link HeapEngine#resizeInPlace}.
   *
   * @param address a live block
   * @param bytes the new size
   * @return true if the block has the new size now
   */
  boolean resizeInPlace(long address, long bytes);

  /**
   * Frees a block; see {@link HeapEngine#free}.
   *
   * @param address a live block
   */
  void free(long address);

  /**
   * Frees a block whose size is known; see {@link HeapEngine#freeSized}.
   *
   * @param address a live block
   * @param bytes the size that was asked for
   */
  void freeSized(long address, long bytes);

  /**
   * Frees many blocks; see {@link HeapEngine#freeBulk}.
   *
   * @param addresses the blocks
   * @param from index of the first
   * @param count how many
   */
  void freeBulk(long[] addresses, int from, int count);

  /**
   * {@return how many bytes of a block may be used; see {@link HeapEngine#usableSize}}
   *
   * @param address a live block
   */
  long usableSize(long address);

  /**
   * Gives unused memory back; see {@link HeapEngine#trim}.
   *
   * @param keep how many bytes to keep at hand
   * @return the number of bytes given back
   */
  long trim(long keep);

  /** Closes the port; what was allocated through it stays allocated. */
  @Override
  void close();
}
