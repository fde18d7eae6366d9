package kernel.api;

import java.util.EnumSet;
import java.util.Set;

/**
 * How far an exchange has come. Up to {@link #TRANSFERRED} it can be called off and nothing has
 * happened; {@link #SWITCHED} is the commit point.
 */
public enum SwapState {
  /** Nothing has been done. */
  IDLE,
  /** The successor is opened, unpublished; the form of transfer is settled. */
  PREPARED,
  /** Calls go on to the predecessor; those that began before this state are waited for. */
  FORWARDING,
  /** New outer calls wait; nobody is inside. */
  BLOCKED,
  /** The successor has everything, and the two censuses agree. */
  TRANSFERRED,
  /** The successor serves; callers are released. */
  SWITCHED,
  /** The predecessor is closed. */
  RETIRED,
  /** Called off; the predecessor serves as before. */
  ABORTED;

  /** {@return the states that may follow} */
  public Set<SwapState> next() {
    return switch (this) {
      case IDLE -> EnumSet.of(PREPARED, ABORTED);
      case PREPARED -> EnumSet.of(FORWARDING, ABORTED);
      case FORWARDING -> EnumSet.of(BLOCKED, ABORTED);
      case BLOCKED -> EnumSet.of(TRANSFERRED, ABORTED);
      case TRANSFERRED -> EnumSet.of(SWITCHED, ABORTED);
      case SWITCHED -> EnumSet.of(RETIRED);
      case RETIRED, ABORTED -> EnumSet.noneOf(SwapState.class);
    };
  }

  /** {@return whether the exchange can still be called off} */
  public boolean mayAbort() {
    return next().contains(ABORTED);
  }

  /** {@return whether the successor serves} */
  public boolean isCommitted() {
    return this == SWITCHED || this == RETIRED;
  }
}
