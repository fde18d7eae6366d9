/** Frames behind addresses: clusters, page tables, host windows, and lazy unmapping. */
@NullMarked
package kernel.backing;

import org.jspecify.annotations.NullMarked;
