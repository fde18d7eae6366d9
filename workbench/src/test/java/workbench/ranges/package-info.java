/** Tests of replays of range traces. */
@NullMarked
package workbench.ranges;

import org.jspecify.annotations.NullMarked;
