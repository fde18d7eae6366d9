/** Tests of explanations and pins. */
@NullMarked
package workbench.explain;

import org.jspecify.annotations.NullMarked;
