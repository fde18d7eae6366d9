/** Figures of the running system over time, for {@code top} and {@code watch}. */
@NullMarked
package shell.watch;

import org.jspecify.annotations.NullMarked;
