/** The command line and the Gogo commands. */
@NullMarked
package shell;

import org.jspecify.annotations.NullMarked;
