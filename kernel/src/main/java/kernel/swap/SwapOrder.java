package kernel.swap;

import java.util.Optional;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;

/**
 * What an exchange is to do.
 *
 * @param number counts the exchanges of a system
 * @param successor who is to serve; empty to park
 * @param cause what brought it about
 * @param who who asked, or what happened
 * @param dryRun whether only to try
 * @param forced whether {@code --force} was given
 */
record SwapOrder(
    int number,
    Optional<ProviderInfo> successor,
    SwapCause cause,
    String who,
    boolean dryRun,
    boolean forced) {}
