/** Tests of what stands behind ranges. */
@NullMarked
package kernel.backing;

import org.jspecify.annotations.NullMarked;
