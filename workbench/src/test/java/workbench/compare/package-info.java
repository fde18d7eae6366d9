/** Tests of comparisons, on the plain kernel. */
@NullMarked
package workbench.compare;

import org.jspecify.annotations.NullMarked;
