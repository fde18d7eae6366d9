package vmem.arena;

import java.util.List;
import java.util.Random;
import vmem.api.FitPolicy;

/** Fit policies for random tests. */
final class Policies {
  private static final List<FitPolicy> ALL = List.of(FitPolicy.values());

  private Policies() {}

  /** {@return any policy} */
  static FitPolicy any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }
}
