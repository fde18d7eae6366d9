/** Tests of whole replays. */
@NullMarked
package workbench;

import org.jspecify.annotations.NullMarked;
