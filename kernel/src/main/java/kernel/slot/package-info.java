/** One slot per tier: the stable service that clients hold while providers come and go. */
@NullMarked
package kernel.slot;

import org.jspecify.annotations.NullMarked;
