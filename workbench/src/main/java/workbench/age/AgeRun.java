package workbench.age;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import kernel.api.BootedSystem;
import kernel.api.FrameUsage;

/** One machine that ages, from its boot to its last day. */
final class AgeRun {
  private static final int HUGE = AgeModel.HUGE;
  private static final int TEST_SHARE = 16; // of RAM is asked for in huge blocks each midnight
  private static final int LEAST_TEST = 4;
  private static final int ORDERS = 11; // 0 to 10, as in buddyinfo

  private final BootedSystem system;
  private final AgeSpec spec;
  private final boolean compact;
  private final long ram;
  private boolean compacts;

  AgeRun(BootedSystem system, AgeSpec spec, boolean compact) {
    this.system = system;
    this.spec = spec;
    this.compact = compact;
    FrameUsage usage = system.frameUsage();
    this.ram = usage.present() - usage.kernel() - usage.tables() - usage.backing();
  }

  /** {@return whether the provider moved something when it was asked to at the end} */
  boolean compacts() {
    return compacts;
  }

  /**
   * Ages the machine and gives everything back.
   *
   * @throws CancellationException if this thread is interrupted
   * @throws IllegalStateException if frames did not go home
   */
  AgeResult run() {
    int cpus = system.machine().cpus();
    AgeModel model = new AgeModel(spec, ram, cpus);
    List<AgeDay> days = new ArrayList<>();
    try (FrameStore store = new FrameStore(system.frames(), cpus, compact)) {
      days.add(midnight(0, model, store));
      for (int day = 1; day <= spec.days(); day++) {
        refuseIfInterrupted();
        days.add(live(day, model, store));
      }
      compacts = store.compacts(system.frames());
      model.endAll(store);
    }
    requireHome();
    return new AgeResult(
        system.frames().provider(), system.firmwareMap().name(), compact, ram, cpus, days);
  }

  private AgeDay live(int day, AgeModel model, FrameStore store) {
    long split = store.split();
    long failed = store.failed();
    long moved = store.moved();
    model.day(store);
    AgeDay now = midnight(day, model, store);
    return new AgeDay(
        day,
        now.live(),
        now.free(),
        now.wanted(),
        now.got(),
        now.freeHuge(),
        now.unusable(),
        now.external(),
        now.mixed(),
        now.split() - split,
        now.failed() - failed,
        now.moved() - moved);
  }

  // Counts are of all days so far.
  private AgeDay midnight(int day, AgeModel model, FrameStore store) {
    Fragmentation now = Fragmentation.of(system.frames().zones());
    long free = system.frames().freeFrames();
    int wanted = (int) Math.max(LEAST_TEST, (ram >> HUGE) / TEST_SHARE);
    int got = store.test(wanted);
    LongStream unusable = IntStream.range(0, ORDERS).mapToLong(now::unusable);
    return new AgeDay(
        day,
        model.live(),
        free,
        wanted,
        got,
        now.suitable(HUGE),
        unusable.boxed().toList(),
        now.externalIndex(HUGE),
        store.mixed(),
        store.split(),
        store.failed(),
        store.moved());
  }

  private void requireHome() {
    FrameUsage end = system.frameUsage();
    if (end.other() != 0) {
      throw new IllegalStateException(
          "%s: %d frames did not go home".formatted(system.frames().provider(), end.other()));
    }
  }

  private static void refuseIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("ageing was interrupted");
    }
  }
}
