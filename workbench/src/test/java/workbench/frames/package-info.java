/** Tests of replays of frame traces. */
@NullMarked
package workbench.frames;

import org.jspecify.annotations.NullMarked;
