/**
 * The way from a firmware map to a booted system: early frames, hand-over, the tiers, the checks.
 */
@NullMarked
package kernel.boot;

import org.jspecify.annotations.NullMarked;
