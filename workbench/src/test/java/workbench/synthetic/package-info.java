/** Tests of the generators. */
@NullMarked
package workbench.synthetic;

import org.jspecify.annotations.NullMarked;
