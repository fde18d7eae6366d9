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
 *
 * @implSpec [vmem.26] An imported span that is entirely free goes back to its source, at once or at
 *     {@code drain}, once and as it was imported; one that the place of a next fit lies in may stay
 *     until the arena is closed. [vmem.27] Where the source refuses or throws, the request is
 *     answered with {@link #NONE} or the exception passes through; nothing that is live has
 *     changed, no span is lost track of, and the next request is served as ever.
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
   * @implSpec [vmem.6] The whole span can be handed out afterwards. A span that overlaps another of
   *     this arena, is misaligned or empty, or passes the end of the address space is a
   *     MisuseException with nothing changed.
   * @param base the first address, a multiple of the quantum
   * @param size the length in bytes, a multiple of the quantum, at least one quantum
   * @throws allocator.api.MisuseException if it overlaps a span of this arena, is misaligned or
   *     empty, or passes the end of the address space, which it may reach
   */
  void addSpan(long base, long size);

  /**
   * Allocates a range anywhere.
   *
   * @implSpec [vmem.7] Disjoint from every live range. [vmem.8] Inside one span. [vmem.9] A
   *     multiple of the quantum. [vmem.10] When the request cannot be met the answer is {@link
   *     #NONE} with nothing changed; with what is freed, neighbours joined, it is met again.
   *     [vmem.11] A size of 0 is a MisuseException.
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
   * @implSpec [vmem.12] The range keeps every constraint. [vmem.13] {@link #NONE} only if no free
   *     range keeps them, for an arena that imports nothing and counts as free all that is not
   *     live. [vmem.14] Constraints that contradict each other are an IllegalArgumentException.
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
   * @implSpec [vmem.15] The range is not live any more and can be handed out again, unless the
   *     engine says that it does not reuse addresses. [vmem.16] A base that is no live range's, or
   *     another size, is a MisuseException with nothing changed.
   * @param cpu index of the calling CPU
   * @param base the base of a live range
   * @param size the size it was allocated with
   * @throws allocator.api.MisuseException if no such range is live or its size is another
   */
  void free(int cpu, long base, long size);

  /**
   * Frees a range got from {@link #allocateConstrained}; never goes through a quantum cache.
   *
   * @implSpec [vmem.17] As {@link #free}; never goes through a quantum cache.
   * @param cpu index of the calling CPU
   * @param base the base of a live range
   * @param size the size it was allocated with
   * @throws allocator.api.MisuseException if no such range is live or its size is another
   */
  void freeConstrained(int cpu, long base, long size);

  /**
   * {@return whether a live range or free segment of this arena's spans covers an address range}
   *
   * @implSpec [vmem.18] True exactly if one span holds all of it.
   * @param base the first address
   * @param size the length in bytes
   */
  boolean contains(long base, long size);

  /**
   * {@return bytes in live ranges}
   *
   * @implSpec [vmem.19] The sum of the live ranges, those in a quantum cache counted or not until
   *     {@code drain}.
   */
  long allocatedBytes();

  /**
   * {@return bytes in free segments}
   *
   * @implSpec [vmem.20] After {@code drain}, the sum of the spans without the live ranges, each
   *     with the rest of its last quantum; a guard of up to two quanta beside a range may be
   *     missing, and so may what can never be handed out again.
   */
  long freeBytes();

  /**
   * {@return the size of the largest free segment in bytes}
   *
   * @implSpec [vmem.21] The size of the largest segment that {@link #walkFree} shows, 0 if none.
   */
  long largestFree();

  /**
   * Shows the live ranges in rising order.
   *
   * @implSpec [vmem.22] In rising order, each once.
   * @param visitor receives base, size and 0
   */
  void walkAllocated(RangeVisitor visitor);

  /**
   * Shows the free segments in rising order.
   *
   * @implSpec [vmem.23] In rising order, disjoint from what is live, neighbours joined.
   * @param visitor receives base, size and 0
   */
  void walkFree(RangeVisitor visitor);

  /**
   * Shows the spans in rising order.
   *
   * @implSpec [vmem.24] In rising order; 1 for an imported span, 0 for one added by hand.
   * @param visitor receives base, size and 1 for an imported span, 0 for one added by hand
   */
  void walkSpans(RangeVisitor visitor);

  /** {@return the arena's figures under their kstat names: {@code mem_inuse}, {@code alloc} …} */
  List<Statistic> statistics();

  /**
   * Ends the arena; imported spans go back to their source.
   *
   * @implSpec [vmem.25] With live ranges a MisuseException with nothing changed; otherwise every
   *     imported span has gone back to its source.
   * @throws allocator.api.MisuseException if ranges are live
   */
  @Override
  void close();
}
