package heap.api;

import allocator.api.Explanation;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A heap that can say how it would serve a request. Optional: an engine implements it beside {@link
 * HeapEngine}.
 *
 * <p>The explanation is a rehearsal that reads the same structures as the call, and not a record
 * that the call keeps, so a heap that can explain is no slower for it. Whoever asks makes the call
 * afterwards and compares the places.
 */
@ConsumerType
public interface ExplainingEngine extends HeapEngine {
  /**
   * Explains a call that is not made.
   *
   * @implSpec [heap.29] Changes nothing. If the explanation has a place, the call made next on that
   *     CPU, with no other in between, puts the block there.
   * @param request the call
   * @return what the call would look at, and where the block would lie
   * @throws allocator.api.MisuseException if the call would throw it
   */
  Explanation explain(HeapRequest request);
}
