/** Blocks that stay where a former heap put them, and the way to them. */
@NullMarked
package kernel.lodge;

import org.jspecify.annotations.NullMarked;
