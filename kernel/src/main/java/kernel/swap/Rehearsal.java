package kernel.swap;

import allocator.api.Allocator;
import java.util.Optional;
import java.util.function.Supplier;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.slot.Binding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange between two engines of a successor's provider in a slot that nobody else knows.
 *
 * <p>What a virtual machine does the first time takes long: loading classes, linking lambdas,
 * interpreting. Clients would wait for it. So it is done before their gate is closed, once for each
 * provider that comes.
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
  private static final int TIMES = 3;

  private Rehearsal() {}

  /**
   * Rehearses. What goes wrong is not lost: it will go wrong again, where it is recorded.
   *
   * @param steps of the tier
   * @param provider the successor
   */
  static <E extends Allocator, B extends Binding<E>> void of(
      TierSteps<E, B> steps, ProviderInfo provider, SwapLimits limits, Supplier<Worker> worker) {
    try {
      for (int i = 0; i < TIMES; i++) {
        once(steps, provider, limits, worker);
      }
    } catch (RuntimeException | Error e) {
      LOG.debug("rehearsing with {} went wrong", provider.name(), e);
    }
  }

  private static <E extends Allocator, B extends Binding<E>> void once(
      TierSteps<E, B> steps, ProviderInfo provider, SwapLimits limits, Supplier<Worker> worker) {
    B first = call(worker, limits, () -> steps.open(provider));
    TierSteps<E, B> aside = steps.aside(first);
    try {
      call(
          worker,
          limits,
          () -> {
            aside.populate(first);
            return true;
          });
      SwapOrder order =
          new SwapOrder(0, Optional.of(provider), SwapCause.COMMAND, "rehearsal", false, false);
      SwapRecord record = new Exchange<>(aside, order, limits, worker, false, state -> {}).run();
      LOG.debug("rehearsed: {}", record);
      call(
          worker,
          limits,
          () -> {
            aside.depopulate();
            return true;
          });
    } finally {
      aside.cleanUp(first);
      B last = aside.slot.binding();
      call(
          worker,
          limits,
          () -> {
            aside.discard(last);
            return true;
          });
    }
  }

  private static <T> T call(Supplier<Worker> worker, SwapLimits limits, Supplier<T> action) {
    return worker.get().call("rehearsing", limits.stepNanos(), action);
  }
}
