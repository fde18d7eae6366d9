/** Tests of lodge. */
@NullMarked
package kernel.lodge;

import org.jspecify.annotations.NullMarked;
