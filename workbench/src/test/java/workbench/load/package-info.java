/** Tests of loads. */
@NullMarked
package workbench.load;

import org.jspecify.annotations.NullMarked;
