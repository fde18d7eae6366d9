/** The command line: {@code quarry}, {@code tour}, {@code exec}, {@code lint}, {@code replay}. */
@NullMarked
package shell.cli;

import org.jspecify.annotations.NullMarked;
