/** Tests of the kit itself. */
@NullMarked
package tck;

import org.jspecify.annotations.NullMarked;
