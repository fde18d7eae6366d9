/** How results of the ageing laboratory are shown. */
@NullMarked
package shell.age;

import org.jspecify.annotations.NullMarked;
