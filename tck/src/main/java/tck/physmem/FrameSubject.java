package tck.physmem;

import allocator.api.MisuseException;
import java.util.function.LongSupplier;
import physmem.api.FrameEngine;
import physmem.api.FrameProvider;
import physmem.api.ZoneReport;
import tck.Broken;
import tck.Script;
import tck.Trial;

/** The engine that a script is played on, with what is known of it. For one thread. */
final class FrameSubject {
  private final FrameProvider provider;
  private final FrameGround ground;
  private final Trial trial;
  private final FrameLedger ledger;
  private FrameEngine engine;
  private String model;
  private int maxOrder;

  FrameSubject(FrameProvider provider, Script script, Trial trial) {
    this.provider = provider;
    this.trial = trial;
    this.ground =
        FrameGround.named(script.given("ram", "one"), Integer.parseInt(script.given("cpus", "2")));
    this.ledger = new FrameLedger(ground, trial);
    this.engine = open();
    this.model = engine.model();
    this.maxOrder = engine.maxOrder();
    trial.require(
        "physmem.1",
        engine.freeFrames() == ledger.inService(),
        () ->
            "%d frames are free at the start, of %d"
                .formatted(engine.freeFrames(), ledger.inService()));
    require();
  }

  private void require() {
    trial.require(
        "allocator.2", model != null && !model.isBlank(), () -> "the engine's model is " + model);
    trial.require(
        "physmem.2", maxOrder >= 0 && maxOrder <= 30, () -> "the largest order is " + maxOrder);
  }

  /** {@return another engine over the same RAM, with everything free} */
  FrameEngine open() {
    return provider.open(ground, trial.options().settings());
  }

  FrameEngine engine() {
    return engine;
  }

  FrameGround ground() {
    return ground;
  }

  FrameLedger ledger() {
    return ledger;
  }

  Trial trial() {
    return trial;
  }

  int maxOrder() {
    return maxOrder;
  }

  /** {@return the order that a number in a script stands for} */
  int order(long number) {
    return (int) (number % (maxOrder + 1));
  }

  /** {@return the CPU that a word in a script stands for} */
  int cpu(String word) {
    return (int) (Long.parseLong(word) % ground.cpus());
  }

  /** Has another engine serve from now on; the one before is closed. */
  void succeed(FrameEngine next) {
    close(engine);
    engine = next;
    model = next.model();
    maxOrder = next.maxOrder();
    require();
  }

  void close(FrameEngine gone) {
    done(
        "allocator.17",
        () -> {
          gone.close();
          gone.close();
        });
  }

  /** Requires what always stays the same. */
  void same() {
    trial.require(
        "allocator.2",
        model.equals(engine.model()),
        () -> "the model was %s and is %s".formatted(model, engine.model()));
    trial.require(
        "physmem.2",
        engine.maxOrder() == maxOrder,
        () -> "the largest order was %d and is %d".formatted(maxOrder, engine.maxOrder()));
  }

  /** Requires that the count of free frames is right. */
  void counted() {
    long free = ledger.freeFrames();
    trial.require(
        "physmem.16",
        engine.freeFrames() == free,
        () -> "%d frames are said to be free, and %d are".formatted(engine.freeFrames(), free));
  }

  /** {@return the answer of a call that may not throw} */
  static long asked(LongSupplier call) {
    try {
      return call.getAsLong();
    } catch (RuntimeException e) {
      throw Broken.by("allocator.19", "a call threw what it must not", e);
    }
  }

  /**
   * {@return the answer of a request, made once more after a drain if frames in CPUs' stocks may
   * have been missing}
   *
   * @param fits whether the request can be met; not asked if it was
   */
  long requested(LongSupplier call, java.util.function.BooleanSupplier fits) {
    long frame = asked(call);
    if (frame != FrameEngine.NONE || !fits.getAsBoolean() || cached() == 0) {
      return frame;
    }
    engine.drain();
    return asked(call);
  }

  private long cached() {
    return engine.zones().stream().mapToLong(ZoneReport::cached).sum();
  }

  /** {@return whether a setting may have the engine keep memory back} */
  boolean mayKeepBack() {
    return !trial.options().settings().values().isEmpty();
  }

  /** Makes a call that may not throw. */
  static void done(String clause, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      throw Broken.by(clause, "a call threw what it must not", e);
    }
  }

  /** Makes a call that must be refused, with nothing changed. */
  void refused(String clause, String what, Runnable call) {
    long free = engine.freeFrames();
    try {
      call.run();
    } catch (MisuseException | IllegalArgumentException e) {
      trial.require(
          clause, engine.freeFrames() == free, () -> "a refusal of " + what + " changed it");
      return;
    } catch (RuntimeException e) {
      throw Broken.by(clause, what, e);
    }
    throw new Broken(clause, what + " was accepted");
  }
}
