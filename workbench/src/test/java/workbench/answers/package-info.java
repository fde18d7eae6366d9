/** Tests of the answers' page, on the plain kernel. */
@NullMarked
package workbench.answers;

import org.jspecify.annotations.NullMarked;
