package kernel.api;

/**
 * When an exchange came into a state.
 *
 * @param state the state
 * @param nanos nanoseconds since the exchange began
 */
public record SwapPhase(SwapState state, long nanos) {}
