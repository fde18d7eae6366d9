/**
 * What every provider of a tier is held to, for the tests of each: so far the frame tier's model
 * and its race for frames. Failures are {@link java.lang.AssertionError}s; no test framework is
 * needed.
 */
@NullMarked
package tck;

import org.jspecify.annotations.NullMarked;
