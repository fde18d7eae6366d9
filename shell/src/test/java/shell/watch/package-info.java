/** Tests of what {@code top} and {@code watch} show. */
@NullMarked
package shell.watch;

import org.jspecify.annotations.NullMarked;
