/** Tests of the arena: by hand, against a naive model, against the original's recorded answers. */
@NullMarked
package vmem.arena;

import org.jspecify.annotations.NullMarked;
