/**
 * The checked mode: guards between slots and providers, which know from the calls themselves what
 * is live and compare every answer with it.
 */
@NullMarked
package kernel.guard;

import org.jspecify.annotations.NullMarked;
