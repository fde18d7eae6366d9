package vmem.api;

import allocator.api.RangeVisitor;
import allocator.api.Statistic;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A set of integers handed out in disjoint ranges.
 *
 * <p>Exhaustion is {@link #NONE}; misuse is a {@link allocator.api.MisuseException} with the state
 * unchanged. Hot calls take the index of the CPU that makes them; calls may run at once.
 */
@ConsumerType
public interface AddressArena extends AutoCloseable {
  /** No range: the answer when a request cannot be met. Never a valid base. */
  long NONE = -1;

  /** {@return the description that the arena was made from} */
  ArenaSpec spec();

  /**
   * Adds a span by hand.
   *
   * @param base the first address, a multiple of the quantum
   * @param size the length in bytes, a multiple of the quantum, at least one quantum
   * @throws allocator.api.MisuseException if it overlaps a span of this arena, is misaligned or
   *     empty, or passes the end of the address space, which it may reach
   */
  void addSpan(long base, long size);

  /**
   * Allocates a range anywhere.
   *
   * @implSpec Inside one span, disjoint from every live range.
   * @param cpu index of the calling CPU
   * @param size bytes, at least 1, unsigned; rounded up to the quantum
   * @param policy which free segment to take
   * @return the base, or {@link #NONE}
   * @throws allocator.api.MisuseException if the size is 0
   */
  long allocate(int cpu, long size, FitPolicy policy);

  /**
   * Allocates a range within constraints.
   *
   * @param cpu index of the calling CPU
   * @param size bytes, at least 1; rounded up to the quantum
   * @param where alignment, phase, boundary and limits
   * @param policy which free segment to take
   * @return the base, or {@link #NONE}, also if the limits are closer than the size; freed by
   *     {@link #freeConstrained}
   * @throws IllegalArgumentException if the constraints contradict each other: align or nocross no
   *     power of two, a value no multiple of the quantum, phase not below align, the range too long
   *     to lie between two multiples of nocross
   */
  long allocateConstrained(int cpu, long size, AddressConstraints where, FitPolicy policy);

  /**
   * Frees a range got from {@link #allocate}.
   *
   * @param cpu index of the calling CPU
   * @param base the base of a live range
   * @param size the size it was allocated with
   * @throws allocator.api.MisuseException if no such range is live or its size is another
   */
  void free(int cpu, long base, long size);

  /**
   * Frees a range got from {@link #allocateConstrained}; never goes through a quantum cache.
   *
   * @param cpu index of the calling CPU
   * @param base the base of a live range
   * @param size the size it was allocated with
   * @throws allocator.api.MisuseException if no such range is live or its size is another
   */
  void freeConstrained(int cpu, long base, long size);

  /**
   * {@return whether a live range or free segment of this arena's spans covers an address range}
   *
   * @param base the first address
   * @param size the length in bytes
   */
  boolean contains(long base, long size);

  /** {@return bytes in live ranges} */
  long allocatedBytes();

  /** {@return bytes in free segments} */
  long freeBytes();

  /** {@return the size of the largest free segment in bytes} */
  long largestFree();

  /**
   * Shows the live ranges in rising order.
   *
   * @param visitor receives base, size and 0
   */
  void walkAllocated(RangeVisitor visitor);

  /**
   * Shows the free segments in rising order.
   *
   * @param visitor receives base, size and 0
   */
  void walkFree(RangeVisitor visitor);

  /**
   * Shows the spans in rising order.
   *
   * @param visitor receives base, size and 1 for an imported span, 0 for one added by hand
   */
  void walkSpans(RangeVisitor visitor);

  /** {@return the arena's figures under their kstat names: {@code mem_inuse}, {@code alloc} …} */
  List<Statistic> statistics();

  /**
   * Ends the arena; imported spans go back to their source.
   *
   * @throws allocator.api.MisuseException if ranges are live
   */
  @Override
  void close();
}
