/**
 * Text for people: tables within 80 columns, sizes, and the reports that several commands print.
 */
@NullMarked
package shell.text;

import org.jspecify.annotations.NullMarked;
