/**
 * What the kernel tells JDK Flight Recorder: exchanges, failures, imports and sampled allocations.
 */
@NullMarked
package kernel.event;

import org.jspecify.annotations.NullMarked;
