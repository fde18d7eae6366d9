/** The prompt's commands, one class each. */
@NullMarked
package shell.command;

import org.jspecify.annotations.NullMarked;
