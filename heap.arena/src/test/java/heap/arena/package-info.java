/** Tests of the arena as a heap: by hand, against a naive model, and with several threads. */
@NullMarked
package heap.arena;

import org.jspecify.annotations.NullMarked;
