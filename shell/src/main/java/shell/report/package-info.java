/** The page of a comparison that is sent around: one HTML file with everything in it. */
@NullMarked
package shell.report;

import org.jspecify.annotations.NullMarked;
