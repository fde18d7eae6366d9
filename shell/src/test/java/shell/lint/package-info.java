/** Tests of the lint renderers. */
@NullMarked
package shell.lint;

import org.jspecify.annotations.NullMarked;
