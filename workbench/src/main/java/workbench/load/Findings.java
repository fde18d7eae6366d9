package workbench.load;

import java.util.ArrayList;
import java.util.List;

/** The first few failures and corruptions of a load. Safe for use by several threads. */
final class Findings {
  /** Enough to see a pattern, few enough to read. */
  static final int KEPT = 8;

  private final List<String> failures = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private volatile boolean failuresFull;
  private volatile boolean damagesFull;

  /** {@return whether a failure would be kept: if not, nobody need put it into words} */
  boolean wantsFailures() {
    return !failuresFull;
  }

  boolean wantsDamages() {
    return !damagesFull;
  }

  synchronized void failure(String text) {
    if (failures.size() < KEPT) {
      failures.add(text);
    }
    failuresFull = failures.size() == KEPT;
  }

  synchronized void damage(Damage damage) {
    if (damages.size() < KEPT) {
      damages.add(damage);
    }
    damagesFull = damages.size() == KEPT;
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized List<Damage> damages() {
    return List.copyOf(damages);
  }
}
