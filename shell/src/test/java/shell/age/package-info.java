/** Tests of how ageing is shown. */
@NullMarked
package shell.age;

import org.jspecify.annotations.NullMarked;
