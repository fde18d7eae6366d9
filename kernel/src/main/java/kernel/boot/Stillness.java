package kernel.boot;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kernel.backing.FrameMeter;
import kernel.backing.HeapSpans;
import kernel.gate.Gate;
import kernel.swap.Coordinator;

/**
 * Holds a whole system still, so that its tiers can be compared with each other at one moment.
 *
 * <p>Whoever waits at a gate may hold a lock of the kernel meanwhile. So each lock is taken before
 * the gate is closed behind which its holder would wait: tasks, spans, vmem, meter, physmem, in the
 * order of docs/concurrency.md.
 */
final class Stillness {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Coordinator coordinator;
  private final Tiers tiers;
  private final HeapSpans spans;
  private final FrameMeter meter;

  Stillness(Coordinator coordinator, Tiers tiers, HeapSpans spans, FrameMeter meter) {
    this.coordinator = coordinator;
    this.tiers = tiers;
    this.spans = spans;
    this.meter = meter;
  }

  /**
   * Does something while nobody else calls a tier.
   *
   * @param tasks those that the action may ask
   */
  <T> T during(List<SimTask> tasks, Supplier<T> action) {
    return coordinator.undisturbed(
        () -> quiet(tiers.heap().gate(), () -> holdingTasks(tasks, 0, () -> holdingSpans(action))));
  }

  private static <T> T quiet(Gate gate, Supplier<T> action) {
    return gate.whenQuiet(LIMIT_NANOS, action);
  }

  private static <T> T holdingTasks(List<SimTask> tasks, int index, Supplier<T> action) {
    if (index == tasks.size()) {
      return action.get();
    }
    synchronized (tasks.get(index)) {
      return holdingTasks(tasks, index + 1, action);
    }
  }

  private <T> T holdingSpans(Supplier<T> action) {
    synchronized (spans) {
      return quiet(tiers.addresses().gate(), () -> holdingMeter(action));
    }
  }

  private <T> T holdingMeter(Supplier<T> action) {
    synchronized (meter) {
      return quiet(tiers.frames().gate(), action);
    }
  }
}
