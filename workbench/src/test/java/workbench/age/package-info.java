/** Tests of the ageing laboratory. */
@NullMarked
package workbench.age;

import org.jspecify.annotations.NullMarked;
