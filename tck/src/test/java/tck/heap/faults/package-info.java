/** A naive heap that keeps the contract, and variants of it that each break it in one way. */
@NullMarked
package tck.heap.faults;

import org.jspecify.annotations.NullMarked;
