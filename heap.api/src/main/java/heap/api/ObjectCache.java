package heap.api;

import allocator.api.Statistic;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A cache of equal objects that keep their constructed state while they are free (Bonwick, USENIX
 * 1994).
 */
@ConsumerType
public interface ObjectCache extends AutoCloseable {
  /** {@return the description that the cache was made from} */
  CacheSpec spec();

  /**
   * Allocates an object in its constructed state.
   *
   * @param cpu index of the calling CPU
   * @return its address, or 0 if memory is exhausted
   */
  long allocate(int cpu);

  /**
   * Frees an object, which must be in its constructed state again.
   *
   * @param cpu index of the calling CPU
   * @param address the object's address
   * @throws allocator.api.MisuseException if it is not a live object of this cache
   */
  void free(int cpu, long address);

  /**
   * Gives memory that holds only free objects back.
   *
   * @return the number of bytes given back
   */
  long reap();

  /** {@return the cache's figures} */
  List<Statistic> statistics();

  /**
   * Ends the cache.
   *
   * @throws allocator.api.MisuseException if objects are live
   */
  @Override
  void close();
}
