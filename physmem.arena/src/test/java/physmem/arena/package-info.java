/** Tests of page frames in arenas: by hand, against a naive model, and with several threads. */
@NullMarked
package physmem.arena;

import org.jspecify.annotations.NullMarked;
