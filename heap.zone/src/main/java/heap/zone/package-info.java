/** TODO. */
@NullMarked
package heap.zone;

import org.jspecify.annotations.NullMarked;
