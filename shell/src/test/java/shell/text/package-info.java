/** Tests of text for people. */
@NullMarked
package shell.text;

import org.jspecify.annotations.NullMarked;
