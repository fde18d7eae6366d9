/** Tests of the boot and of booted systems. */
@NullMarked
package kernel.boot;

import org.jspecify.annotations.NullMarked;
