/**
 * A next-fit bitmap of page frames, the honest baseline: {@link physmem.bitmap.BitmapProvider}
 * opens it, {@link physmem.bitmap.BitmapFrames} is its principal class and tells how it works.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>the bitmap that kernels begin with, searched from where the last
 *       search ended (Knuth's next fit, The Art of Computer Programming, volume 1, 2.5), with a
 *       second bit that marks where a live range begins
 *   <tr><td>alignment</td><td>a block of order <i>n</i> to 2<sup>n</sup> frames; runs as asked
 *   <tr><td>minimum block</td><td>1 frame; largest block 1024 frames; runs of any length
 *   <tr><td>overhead</td><td>2 bits per frame, 0.0061 % of RAM, in host memory outside of the
 *       frames; up to 384 bytes per span of RAM besides; nothing for holes
 *   <tr><td>worst-case waste</td><td>none inside a block of a power of two; none in runs
 *   <tr><td>allocate</td><td>O(words of 64 frames searched): one word while there is room behind the
 *       last block, all of RAM when there is none
 *   <tr><td>free</td><td>O(log spans + words of the block)
 *   <tr><td>allocate a named range, free a range</td><td>O(log spans + words of the range)
 *   <tr><td>allocate a run</td><td>O(words of RAM)
 *   <tr><td>free frames, figures</td><td>O(1)
 *   <tr><td>zones, walk, census, open</td><td>O(words of RAM + ranges)
 *   <tr><td>thread-safety</td><td>all calls; one lock for all of them
 *   <tr><td>size 0</td><td>a run of 0 frames is refused with an {@code IllegalArgumentException}
 *   <tr><td>exhaustion</td><td>{@code NONE}: no aligned free block below the limit of the zone asked
 *       for
 *   <tr><td>transfer</td><td>rebuilds ranges of any length; hands over no layout
 * </table>
 */
@NullMarked
package physmem.bitmap;

import org.jspecify.annotations.NullMarked;
