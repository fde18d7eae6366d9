/** Tests of the whole in Felix. */
@NullMarked
package itest;

import org.jspecify.annotations.NullMarked;
