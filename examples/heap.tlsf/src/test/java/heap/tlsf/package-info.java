/** Tests. */
@NullMarked
package heap.tlsf;

import org.jspecify.annotations.NullMarked;
