/** Tests of the report page. */
@NullMarked
package shell.report;

import org.jspecify.annotations.NullMarked;
