package kernel.swap;

import allocator.api.Allocator;
import allocator.api.Tier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.api.SwapRefusedException;
import kernel.api.SwapRequest;
import kernel.api.SwapState;
import kernel.backing.HeapSpans;
import kernel.gate.GateBusyException;
import kernel.slot.AddressSlot;
import kernel.slot.Binding;
import kernel.slot.ContractViolation;
import kernel.slot.FrameSlot;
import kernel.slot.HeapSlot;
import kernel.slot.Rescue;
import kernel.slot.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exchanges of one system, one at a time: those that are asked for, and those that become
 * necessary because a provider leaves, fails, or is caught. Safe for use by several threads.
 */
public final class Coordinator implements Rescue {
  private static final int KEPT = 4096; // records; a soak makes many
  private static final long RESCUE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Map<Tier, TierSteps<?, ?>> tiers = new EnumMap<>(Tier.class);
  private final Successors successors;
  private final SwapLimits limits;
  private final SwapLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<ProviderInfo> rehearsed = // each arrival has an info of its own
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<SwapRecord> records = new ArrayDeque<>();
  private Worker worker = new Worker("quarry-swap");
  private int made;
  private volatile int commands;
  private boolean closed;
  private volatile boolean guarded;
  private volatile Consumer<SwapState> observer = state -> {};

  /**
   * Makes a coordinator and has the slots call it when an engine fails.
   *
   * @param successors who could serve
   * @param frames the physmem slot
   * @param addresses the vmem slot
   * @param heap the heap slot
   * @param spans what heaps import from
   * @param leastOrder the largest order of frames that the kernel itself asks for
   * @param limits how long steps may take
   * @param log is told of each exchange
   */
  public Coordinator(
      Successors successors,
      FrameSlot frames,
      AddressSlot addresses,
      HeapSlot heap,
      HeapSpans spans,
      int leastOrder,
      SwapLimits limits,
      SwapLog log) {
    this.successors = successors;
    this.limits = limits;
    this.log = log;
    tiers.put(Tier.PHYSMEM, new FrameSteps(successors, frames, leastOrder));
    tiers.put(Tier.VMEM, new AddressSteps(successors, addresses));
    tiers.put(Tier.HEAP, new HeapSteps(successors, heap, spans));
    frames.rescue(this);
    addresses.rescue(this);
    heap.rescue(this);
  }

  /** Sets who is told of each state; may throw, which calls the exchange off. For tests. */
  public void observe(Consumer<SwapState> other) {
    observer = other;
  }

  // ---------------------------------------------------------------------------------- asked for

  /**
   * Makes the exchange that somebody asks for.
   *
   * @throws SwapRefusedException if it makes no sense as asked
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock, read without
  public SwapRecord swap(SwapRequest request) {
    lock.lock();
    try {
      requireOpen();
      ProviderInfo successor = successors.named(request.tier(), request.provider());
      TierSteps<?, ?> steps = steps(request.tier());
      if (!request.force()) {
        requireSense(steps, successor);
      }
      commands++;
      return exchange(
          steps,
          new SwapOrder(
              ++made,
              Optional.of(successor),
              SwapCause.COMMAND,
              request.who(),
              request.dryRun(),
              request.force()));
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new SwapRefusedException("the system has been closed; boot another");
    }
  }

  private TierSteps<?, ?> steps(Tier tier) {
    TierSteps<?, ?> steps = tiers.get(tier);
    if (steps == null) {
      throw new IllegalArgumentException("there is no tier " + tier);
    }
    return steps;
  }

  @SuppressWarnings("ReferenceEquality") // each arrival of a provider has an info of its own
  private void requireSense(TierSteps<?, ?> steps, ProviderInfo successor) {
    Tier tier = steps.slot.tier();
    if (steps.slot.serving().map(now -> now.info() == successor).orElse(false)) {
      throw new SwapRefusedException(
          "%s %s serves %s already; with --force its engine is exchanged for a new one"
              .formatted(successor.name(), successor.version(), tier.label()));
    }
    successors
        .quarantined(successor)
        .ifPresent(why -> {
          throw new SwapRefusedException(
              "%s is quarantined: %s; update its bundle, or use --force"
                  .formatted(successor.name(), why));
        });
  }

  private <E extends Allocator, B extends Binding<E>> SwapRecord exchange(
      TierSteps<E, B> steps, SwapOrder order) {
    order.successor().ifPresent(provider -> rehearse(steps, provider));
    Exchange<E, B> exchange = new Exchange<>(steps, order, limits, this::worker, guarded, observer);
    SwapRecord record = exchange.run();
    note(record);
    exchange
        .violation()
        .ifPresent(violation -> replace(steps.slot, steps.slot.binding(), violation));
    exchange.culprit().ifPresent(culprit -> blame(culprit, record));
    return record;
  }

  private void blame(ProviderInfo culprit, SwapRecord record) {
    if (successors.isPresent(culprit) && successors.quarantined(culprit).isEmpty()) {
      successors.quarantine(culprit, record.message());
      if (record.cause() != SwapCause.COMMAND) {
        log.quarantined(culprit, record.message()); // whoever asked has the record
      }
    }
  }

  private void rehearse(TierSteps<?, ?> steps, ProviderInfo provider) {
    if (rehearsed.add(provider)) {
      Rehearsal.of(steps, provider, limits, this::worker);
    }
  }

  // Called under the lock: one that is lost is left behind.
  private Worker worker() {
    if (worker.isLost()) {
      worker = new Worker("quarry-swap");
    }
    return worker;
  }

  private void note(SwapRecord record) {
    synchronized (records) {
      if (records.size() == KEPT) {
        records.removeFirst();
      }
      records.addLast(record);
    }
    log.made(record);
  }

  // ---------------------------------------------------------------------------------- unplanned

  /**
   * Replaces a provider that goes, wherever it serves; returns when nothing of it is needed any
   * more.
   *
   * @param provider the one that goes; not among the candidates any more
   */
  @SuppressWarnings("ReferenceEquality")
  public void departed(ProviderInfo provider) {
    lock.lock();
    try {
      TierSteps<?, ?> steps = steps(provider.tier());
      if (!closed && steps.slot.serving().map(now -> now.info() == provider).orElse(false)) {
        succeed(
            steps, SwapCause.DEPARTURE, "bundle " + provider.bundle() + " " + provider.version());
      }
    } finally {
      lock.unlock();
    }
  }

  // The best candidate that can; if none can, the tier is parked.
  private boolean succeed(TierSteps<?, ?> steps, SwapCause cause, String who) {
    for (ProviderInfo candidate : successors.candidates(steps.slot.tier())) {
      if (tryOne(steps, Optional.of(candidate), cause, who)) {
        return true;
      }
    }
    return tryOne(steps, Optional.empty(), cause, who);
  }

  private boolean tryOne(
      TierSteps<?, ?> steps, Optional<ProviderInfo> successor, SwapCause cause, String who) {
    return exchange(steps, new SwapOrder(++made, successor, cause, who, false, false)).done();
  }

  /**
   * Has a provider that came serve, if its tier has none, or if it is the one that served before
   * its bundle was updated.
   *
   * @param provider the one that came
   * @param returning whether it is that one
   */
  public void arrived(ProviderInfo provider, boolean returning) {
    lock.lock();
    try {
      TierSteps<?, ?> steps = steps(provider.tier());
      if (!closed && (returning || isForsaken(steps))) {
        tryOne(
            steps,
            Optional.of(provider),
            SwapCause.ARRIVAL,
            "bundle " + provider.bundle() + " " + provider.version());
      }
    } finally {
      lock.unlock();
    }
  }

  // Without a provider, or with one that has gone and could not be replaced.
  private boolean isForsaken(TierSteps<?, ?> steps) {
    return steps.slot.serving().map(now -> !successors.isPresent(now.info())).orElse(true);
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean replace(Slot<?, ?> slot, Binding<?> failed, Throwable cause) {
    if (slot.gate().isInside() || !acquireForRescue()) {
      return false; // the call fails; the next one that does finds us free
    }
    try {
      TierSteps<?, ?> steps = steps(slot.tier());
      Object serving = slot.serving().map(Binding::raw).orElse(null);
      if (closed || serving != failed.raw()) {
        return !closed; // somebody was faster
      }
      boolean caught = cause instanceof ContractViolation;
      String why = caught ? String.valueOf(cause.getMessage()) : cause.toString();
      successors.quarantine(failed.info(), why);
      log.quarantined(failed.info(), why);
      return succeed(steps, caught ? SwapCause.VIOLATION : SwapCause.FAILURE, why);
    } finally {
      lock.unlock();
    }
  }

  // A caller may hold what the exchange under way waits for, so it does not wait for ever.
  private boolean acquireForRescue() {
    try {
      return lock.tryLock(RESCUE_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // ----------------------------------------------------------------------------------- the rest

  /** {@return the exchanges, the oldest first; of very many the latest} */
  public List<SwapRecord> records() {
    synchronized (records) {
      return List.copyOf(records);
    }
  }

  /** {@return how many exchanges were asked for} */
  public int commands() {
    return commands;
  }

  /** {@return whether engines are guarded} */
  public boolean guarded() {
    return guarded;
  }

  /**
   * Puts guards before all engines, or takes them away.
   *
   * @throws kernel.gate.GateBusyException if calls do not leave a tier in time; then all is as it
   *     was
   */
  public void guard(boolean on) {
    lock.lock();
    try {
      requireOpen();
      faceAll(on);
      guarded = on;
    } catch (GateBusyException e) {
      faceAll(guarded);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void faceAll(boolean on) {
    for (TierSteps<?, ?> steps : List.copyOf(tiers.values())) {
      face(steps, on);
    }
  }

  private <E extends Allocator, B extends Binding<E>> void face(TierSteps<E, B> steps, boolean on) {
    @Nullable B now = steps.slot.serving().orElse(null);
    if (now == null || now.witness().isPresent() == on) {
      return;
    }
    try {
      steps
          .slot
          .gate()
          .whenQuiet(
              limits.stepNanos(),
              () -> {
                steps.slot.bind(on ? steps.guarded(now) : plain(now));
                return true;
              });
    } catch (ContractViolation e) {
      replace(steps.slot, now, e); // found broken at the first look
    }
  }

  @SuppressWarnings("unchecked") // behind() returns the tier's own kind of binding
  private static <E extends Allocator, B extends Binding<E>> B plain(B guarded) {
    return (B) guarded.behind(guarded.raw());
  }

  /**
   * Does something while no exchange is under way and none begins.
   *
   * @param action what to do
   * @return what the action returns
   */
  public <T> T undisturbed(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the exchanges: waits for the one under way; later ones are refused. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      worker.close();
    } finally {
      lock.unlock();
    }
  }

  /** {@return the provider that serves a tier, if there is one} */
  public Optional<ProviderInfo> serving(Tier tier) {
    return steps(tier).slot.serving().map(Binding::info);
  }
}
