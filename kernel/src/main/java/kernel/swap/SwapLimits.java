package kernel.swap;

/**
 * How long the steps of an exchange may take.
 *
 * @param stepNanos opening, waiting for calls under way, draining, transferring: each; then the
 *     exchange is called off
 * @param retireNanos listing lodgers and closing the predecessor; clients do not wait for it
 */
public record SwapLimits(long stepNanos, long retireNanos) {}
