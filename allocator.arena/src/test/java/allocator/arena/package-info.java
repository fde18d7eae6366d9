/** Tests of the arena: by hand, against a naive model, against the original's recorded answers. */
@NullMarked
package allocator.arena;

import org.jspecify.annotations.NullMarked;
