/** Tests of gate. */
@NullMarked
package kernel.gate;

import org.jspecify.annotations.NullMarked;
