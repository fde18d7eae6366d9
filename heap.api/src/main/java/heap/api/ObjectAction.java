package heap.api;

import hardware.api.Window;
import org.osgi.annotation.versioning.ConsumerType;

/** A constructor or destructor of cached objects. */
@FunctionalInterface
@ConsumerType
public interface ObjectAction {
  /**
   * Acts on one object.
   *
   * @param memory the memory it lies in
   * @param address its address
   */
  void apply(Window memory, long address);
}
