package kernel.slot;

import allocator.api.Allocator;
import allocator.api.CensusSummary;
import allocator.api.MisuseException;
import allocator.api.Tier;
import allocator.api.TierVacantException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kernel.gate.Gate;
import kernel.gate.GateCell;
import org.jspecify.annotations.Nullable;

/**
 * Where a tier's provider sits: a gate, and behind it what serves now.
 *
 * @param <E> the kind of engine of the tier
 * @param <B> the kind of binding of the tier
 */
public abstract sealed class Slot<E extends Allocator, B extends Binding<E>>
    permits FrameSlot, AddressSlot, HeapSlot {
  /** How long a question about the whole tier waits for calls that are under way. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Tier tier;
  private final Gate gate;
  private volatile @Nullable B binding;
  private volatile @Nullable ParkedEstate parked;
  private volatile Rescue rescue = Rescue.NONE;

  Slot(Tier tier, B binding, long vacantWaitMillis) {
    this.tier = tier;
    this.gate = new Gate(tier.label(), vacantWaitMillis);
    this.binding = binding;
  }

  /** {@return the tier} */
  public final Tier tier() {
    return tier;
  }

  /** {@return what every call passes} */
  public final Gate gate() {
    return gate;
  }

  /** Sets who replaces an engine that fails. */
  public final void rescue(Rescue other) {
    rescue = other;
  }

  /**
   * {@return what is served from now}
   *
   * @throws TierVacantException if there is no provider
   */
  public final B binding() {
    B now = binding;
    if (now == null) {
      throw new TierVacantException(tier.label() + ": there is no provider; install or start one");
    }
    return now;
  }

  /** {@return what is served from now, or nothing if there is no provider} */
  public final Optional<B> serving() {
    return Optional.ofNullable(binding);
  }

  /** {@return whether there is no provider} */
  public final boolean isVacant() {
    return binding == null;
  }

  /** {@return what was parked when the last provider left, while there is none} */
  public final Optional<ParkedEstate> parked() {
    return Optional.ofNullable(parked);
  }

  /**
   * Serves from another engine: the one store that commits an exchange. The gate is closed and
   * quiet, or the new binding is the same engine behind another face.
   */
  public void bind(B next) {
    binding = next;
    parked = null;
  }

  /** Serves from nothing; the gate is closed and quiet and is vacated next. */
  public void park(ParkedEstate estate) {
    parked = estate;
    binding = null;
  }

  /**
   * Asks the engine that serves, past the guard; an exchange waits for the answer.
   *
   * @param question must be short, as it holds up an exchange
   * @return the answer, or nothing if there is no provider
   */
  public final <T> Optional<T> ask(Function<? super E, T> question) {
    if (isVacant()) {
      return Optional.empty();
    }
    GateCell in = gate.enter(gate.ownCell());
    try {
      return serving().map(now -> question.apply(now.raw()));
    } finally {
      gate.leave(in);
    }
  }

  /**
   * Asks the engine that serves, past the guard, at a moment at which nobody is inside.
   *
   * @param question must be short, as callers wait for it
   * @return the answer, or nothing if there is no provider
   */
  public final <T> Optional<T> askQuietly(Function<? super E, T> question) {
    return quietly(now -> question.apply(now.raw()));
  }

  /** {@return what is asked of the binding that serves, at a moment at which nobody is inside} */
  final <T> Optional<T> quietly(Function<? super B, T> question) {
    return gate.whenQuiet(QUIET_NANOS, () -> serving().map(question));
  }

  /** {@return the name of the provider that serves now, or an empty text} */
  public final String provider() {
    B now = binding;
    return now == null ? "" : now.info().name();
  }

  /** {@return what is live, at a moment at which nobody is inside} */
  public CensusSummary census() {
    B now = binding;
    try {
      return gate.whenQuiet(QUIET_NANOS, this::censusNow);
    } catch (ContractViolation e) {
      if (now == null || !rescue.replace(this, now, e)) {
        throw e;
      }
      return census();
    }
  }

  // With nobody inside.
  CensusSummary censusNow() {
    B now = binding;
    ParkedEstate left = parked;
    return now != null ? now.engine().census() : left == null ? CensusSummary.EMPTY : left.census();
  }

  /**
   * {@return whether what came out of a call into an engine says that the engine is broken}
   *
   * @param thrown what was thrown
   */
  public static boolean isProvidersFault(Throwable thrown) {
    return Faults.isProviders(thrown);
  }

  /** {@return what is served from, for a caller that has entered; it is outside if this throws} */
  final B bindingFor(GateCell in) {
    B now = binding;
    if (now == null) {
      gate.leave(in);
      return binding();
    }
    return now;
  }

  /**
   * Called when an engine threw, by a caller that is inside: leaves, and returns if the call can be
   * made again, else throws what was caught.
   */
  final void recover(GateCell in, Binding<E> failed, Throwable thrown) {
    gate.leave(in);
    if (!Faults.isProviders(thrown) || !rescue.replace(this, failed, thrown)) {
      throw Faults.rethrow(thrown);
    }
  }

  /**
   * Frees once more after {@link #recover}. If the engine that failed had freed the range before it
   * failed, the one that serves now does not know it; then there is nothing left to do.
   */
  static void freeAgain(Runnable free) {
    try {
      free.run();
    } catch (MisuseException e) {
      assert e.getMessage() != null; // freed already
    }
  }
}
