package workbench.synthetic;

import java.util.List;
import java.util.SplittableRandom;

/** What one of Linux' vmalloc tests does. */
interface VmallocLoop {
  /** {@return its name, without {@code _alloc_test}} */
  String name();

  /** {@return what it does, and what that shows} */
  String description();

  /** {@return what can be set of it, beside the number of rounds} */
  Parameter parameter();

  /** Makes what stays until the end. {@return what is to be freed then} */
  default List<Range> prepare(long value, AddressClient client) {
    return List.of();
  }

  /**
   * One round.
   *
   * @param value of the parameter
   */
  void round(long value, SplittableRandom random, AddressClient client);
}
