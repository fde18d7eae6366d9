/** Tests of the prompt's commands. */
@NullMarked
package shell.command;

import org.jspecify.annotations.NullMarked;
