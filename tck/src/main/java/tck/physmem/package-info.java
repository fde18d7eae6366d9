/** What every frame allocator is held to. */
@NullMarked
package tck.physmem;

import org.jspecify.annotations.NullMarked;
