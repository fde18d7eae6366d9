/** The lines that tracing tools print, taken apart; what they mean for memory is said elsewhere. */
@NullMarked
package trace.tool;

import org.jspecify.annotations.NullMarked;
