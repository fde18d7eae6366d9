/** What every heap is held to, and plain memory to stand one on. */
@NullMarked
package tck.heap;

import org.jspecify.annotations.NullMarked;
