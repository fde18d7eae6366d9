/**
 * Renderers of map lint: what is in a firmware map, what is odd about it, what the sanitiser
 * decided. They take finished maps and return text; they print nothing.
 */
@NullMarked
package shell.lint;

import org.jspecify.annotations.NullMarked;
