package kernel.swap;

import allocator.api.Allocator;
import allocator.api.AllocatorException;
import allocator.api.CensusSummary;
import allocator.api.CorruptionException;
import allocator.api.LayoutState;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kernel.api.ProviderFailedException;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapForm;
import kernel.api.SwapRecord;
import kernel.api.SwapState;
import kernel.gate.Gate;
import kernel.gate.GateBusyException;
import kernel.slot.Binding;
import kernel.slot.ContractViolation;
import kernel.slot.ParkedEstate;
import kernel.slot.Slot;
import org.jspecify.annotations.Nullable;

/**
 * One exchange in one tier, from the wish to the record. Used once, by one thread.
 *
 * @param <E> the kind of engine
 * @param <B> the kind of binding
 */
final class Exchange<E extends Allocator, B extends Binding<E>> {
  /*
   * 1. Order. All that may fail or take long comes first: opening the successor. Then those calls are
   * waited for that had begun, while new ones go on: if one of them never ends, nobody has waited for
   * it in vain. Only then new calls are held, and the last ones leave within their own length.
   *
   * 2. Nothing of the predecessor is changed before the commit: it is drained, read and described.
   * So to call the exchange off, at any point before, is to open the gate and to throw the successor
   * away.
   *
   * 3. The commit is one store. What follows cannot be called off: closing the predecessor, listing
   * the lodgers. What goes wrong there is said in the record; the successor serves.
   *
   * 4. Calls into providers are made by a worker with a limit. One that does not come back is left
   * behind. The thread of the exchange itself, and with it the gate, is never lost.
   *
   * 5. Between closing and opening the gate nothing is logged and nothing else of the system is
   * called: a log that allocates from the heap that is being exchanged would wait for itself.
   *
   * References: Soules et al., System Support for Online Reconfiguration, USENIX 2003 (K42);
   * Linux livepatch (states, abort until the commit); HdrHistogram's WriterReaderPhaser.
   */

  private final TierSteps<E, B> steps;
  private final SwapOrder order;
  private final SwapLimits limits;
  private final Supplier<Worker> worker;
  private final Progress progress;
  private final Gate gate;
  private final boolean guarded;
  private final Instant begun = Instant.now();

  private Optional<B> from = Optional.empty();
  private @Nullable B to;
  private @Nullable Handover handover;
  private CensusSummary before = CensusSummary.EMPTY;
  private CensusSummary after = CensusSummary.EMPTY;
  private String message = "";
  private @Nullable ContractViolation violation;
  private @Nullable ProviderInfo culprit;
  private long pauseNanos;

  Exchange(
      TierSteps<E, B> steps,
      SwapOrder order,
      SwapLimits limits,
      Supplier<Worker> worker,
      boolean guarded,
      Consumer<SwapState> observer) {
    this.steps = steps;
    this.order = order;
    this.limits = limits;
    this.worker = worker;
    this.guarded = guarded;
    this.progress = new Progress(observer);
    this.gate = steps.slot.gate();
  }

  /** Makes the exchange, or calls it off. */
  SwapRecord run() {
    try {
      prepare();
      passOn();
      retire();
    } catch (RuntimeException | Error e) {
      if (progress.state().mayAbort()) {
        abort(e);
      } else {
        note(e);
      }
    }
    return record();
  }

  private void prepare() {
    from = steps.slot.serving();
    Optional<ProviderInfo> successor = order.successor();
    if (successor.isPresent()) {
      ProviderInfo info = successor.get();
      to = call("opening " + info.name(), info, () -> steps.open(info));
    }
    progress.to(SwapState.PREPARED);
  }

  // A call into a provider; if it breaks there, it is known who broke it.
  private <T> T call(String what, ProviderInfo whose, Supplier<T> action) {
    try {
      return worker.get().call(what, limits.stepNanos(), action);
    } catch (RuntimeException | Error e) {
      if (isBroken(e)) {
        culprit = whose;
      }
      throw e;
    }
  }

  private static boolean isBroken(Throwable thrown) {
    return switch (thrown) {
      case HungException hung -> true;
      case ProviderFailedException failed -> true;
      case CorruptionException damage -> true;
      default -> Slot.isProvidersFault(thrown);
    };
  }

  private void passOn() {
    gate.acquire();
    try {
      progress.to(SwapState.FORWARDING);
      if (from.isPresent()) {
        require(gate.awaitElapsed(gate.mark(), deadline()));
      }
      block();
    } finally {
      gate.release();
    }
  }

  private long deadline() {
    return System.nanoTime() + limits.stepNanos();
  }

  private void require(Optional<Thread> blocker) {
    blocker.ifPresent(thread -> {
      throw new GateBusyException(steps.slot.tier().label(), thread);
    });
  }

  private void block() {
    long closed = System.nanoTime();
    gate.block(worker.get().thread());
    try {
      require(gate.awaitQuiet(deadline()));
      progress.to(SwapState.BLOCKED);
      transfer();
    } finally {
      if (steps.slot.serving().isPresent()) {
        gate.open();
      } else {
        gate.vacate();
      }
      pauseNanos = from.isEmpty() ? 0 : System.nanoTime() - closed;
    }
  }

  private void transfer() {
    from.ifPresent(this::drain);
    from.ifPresent(this::requireHonest);
    if (to == null) {
      park();
    } else {
      commit(to);
    }
  }

  private void drain(B leaving) {
    call(
        "draining " + leaving.label(),
        leaving.info(),
        () -> {
          leaving.raw().drain();
          return true;
        });
  }

  // In the checked mode a provider that is caught in a lie about what is live is not believed; one
  // that
  // was caught before is not asked.
  private void requireHonest(B leaving) {
    boolean doubted = order.cause() == SwapCause.VIOLATION || order.cause() == SwapCause.FAILURE;
    if (leaving.witness().isPresent() && !doubted) {
      call("counting " + leaving.label(), leaving.info(), () -> leaving.engine().census());
    }
  }

  private void park() {
    B leaving = from.orElseThrow();
    ParkedEstate estate = writeDown(leaving);
    before = estate.census();
    after = before;
    handover = new Handover(SwapForm.PARK, before, after);
    progress.to(SwapState.TRANSFERRED);
    steps.park(leaving, estate);
    committed();
  }

  private void commit(B successor) {
    Handover passed = from.isPresent() ? passOn(from.get(), successor) : unpark(successor);
    handover = passed;
    before = passed.before();
    after = passed.after();
    progress.to(SwapState.TRANSFERRED);
    if (order.dryRun()) {
      throw new DryRunEnd();
    }
    steps.commit(from, successor, passed);
    committed();
  }

  private Handover passOn(B leaving, B successor) {
    return adopt(leaving, successor)
        .orElseGet(() -> {
          ParkedEstate estate = writeDown(leaving);
          return passing(
              successor, () -> steps.rebuild(estate, leaving, successor, order.dryRun()));
        });
  }

  // A layout that is refused, for a setting that differs perhaps, is no reason not to rebuild.
  private Optional<Handover> adopt(B leaving, B successor) {
    Optional<TransferForm> layout = steps.layout(leaving, successor);
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    try {
      LayoutState state =
          call(
              "describing " + leaving.label(),
              leaving.info(),
              () -> leaving.raw().exportState(layout.get()));
      return Optional.of(passing(successor, () -> steps.adopt(leaving, successor, state)));
    } catch (TransferRefusedException e) {
      return Optional.empty();
    }
  }

  private ParkedEstate writeDown(B leaving) {
    return call("writing down " + leaving.label(), leaving.info(), () -> steps.writeDown(leaving));
  }

  private Handover unpark(B successor) {
    ParkedEstate estate = steps.slot.parked().orElseThrow();
    return passing(successor, () -> steps.unpark(estate, successor));
  }

  private Handover passing(B successor, Supplier<Handover> action) {
    return call("passing on to " + successor.label(), successor.info(), action);
  }

  // An observer that throws now is told in the record; there is no way back.
  private void committed() {
    try {
      progress.to(SwapState.SWITCHED);
      if (guarded) {
        steps.slot.serving().ifPresent(serving -> steps.slot.bind(steps.guarded(serving)));
      }
    } catch (RuntimeException | Error e) {
      note(e);
    }
  }

  private void retire() {
    Handover passed = handover;
    if (from.isPresent() && passed != null) {
      B leaving = from.get();
      settle(leaving, passed);
      try {
        close(leaving);
      } finally {
        steps.clear(leaving, passed);
      }
    }
    progress.to(SwapState.RETIRED);
  }

  // If this fails the predecessor stays, unclosed: it may be all that knows what is live.
  private void settle(B leaving, Handover passed) {
    worker
        .get()
        .call(
            "settling " + leaving.label(),
            limits.retireNanos(),
            () -> steps.settle(leaving, passed))
        .ifPresent(census -> {
          before = census;
          after = census;
        });
  }

  private void close(B leaving) {
    try {
      call(
          "closing " + leaving.label(),
          leaving.info(),
          () -> {
            leaving.raw().close();
            return true;
          });
    } catch (RuntimeException | Error e) {
      culprit = leaving.info();
      note(e);
    }
  }

  private void abort(Throwable cause) {
    B unused = to;
    note(cause);
    if (unused != null) {
      try {
        call(
            "discarding " + unused.label(),
            unused.info(),
            () -> {
              steps.discard(unused);
              return true;
            });
      } catch (RuntimeException | Error e) {
        note(e);
      }
    }
    progress.to(SwapState.ABORTED);
  }

  /** {@return whose call broke the exchange or its end, if somebody's did} */
  Optional<ProviderInfo> culprit() {
    return Optional.ofNullable(culprit);
  }

  /**
   * {@return what whoever serves now was caught at: the predecessor, which called the exchange off,
   * or the successor, when it was looked at after the commit}
   */
  Optional<ContractViolation> violation() {
    return Optional.ofNullable(violation);
  }

  private void note(Throwable cause) {
    if (cause instanceof ContractViolation caught) {
      violation = caught;
    }
    if (!(cause instanceof DryRunEnd)) {
      String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      String named = cause instanceof AllocatorException ? text : cause.toString();
      message = message.isEmpty() ? named : message + "; then " + named;
    }
  }

  private SwapRecord record() {
    Handover passed = handover;
    return new SwapRecord(
        order.number(),
        begun,
        steps.slot.tier(),
        from.map(Binding::label).orElse("-"),
        order.successor().map(info -> info.name() + " " + info.version()).orElse("-"),
        order.cause(),
        order.who(),
        passed == null ? SwapForm.REBUILD : passed.form(),
        progress.state(),
        progress.reached(),
        order.dryRun(),
        order.forced(),
        progress.phases(),
        pauseNanos,
        before,
        after,
        message);
  }

  /** What a trial ends with. */
  private static final class DryRunEnd extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DryRunEnd() {
      super("tried", null, false, false);
    }
  }
}
