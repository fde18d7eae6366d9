package allocator.arena;

import java.util.List;
import java.util.Random;

/** Fit policies for random tests. */
final class Policies {
  private static final List<Fit> ALL = List.of(Fit.values());

  private Policies() {}

  /** {@return any policy} */
  static Fit any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }
}
