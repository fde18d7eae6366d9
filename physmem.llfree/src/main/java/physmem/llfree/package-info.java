/**
 * A lock-free allocator of page frames after LLFree: {@link physmem.llfree.LlfreeProvider} opens
 * it, {@link physmem.llfree.LlfreeFrames} is its principal class and tells how it works.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>LLFree as of USENIX ATC 2023 (tag atc23-artifact-eval, Array4C32), with a
 *       second bit per frame
 *   <tr><td>alignment</td><td>a block of order <i>n</i> to 2<sup>n</sup> frames; runs as asked
 *   <tr><td>minimum block</td><td>1 frame; largest block 1024 frames; runs of any length
 *   <tr><td>overhead</td><td>at most 0.0062 % of RAM, in host memory outside the frames: per 2 MiB
 *       128 bytes of bits, touched only where blocks smaller than 2 MiB were, and 2 bytes of count;
 *       4 bytes per tree and 8 on the Java heap; 128 bytes per zone and CPU. Each zone, and each part
 *       of one behind a hole larger than a tree, is rounded up to whole trees. All in all less than
 *       0.01 % of RAM from 512 MiB with 8 CPUs on, 1 GiB with 64, 64 GiB with 256
 *   <tr><td>worst-case waste</td><td>none inside a block of a power of two; none in runs
 *   <tr><td>allocate, free</td><td>O(1) in a tree with room: three atomic operations each; O(children
 *       + words of a child) if its free frames are scattered; O(trees) for another tree
 *   <tr><td>recover, open with a trusted store</td><td>O(children + words of partly used children);
 *       O(children)
 *   <tr><td>allocate a named range, free a range</td><td>O(children + words at its ends)
 *   <tr><td>allocate a run</td><td>O(children + words of partly used children passed)
 *   <tr><td>walk, census</td><td>O(children + words of partly used children + ranges)
 *   <tr><td>open</td><td>O(spans of RAM): what is untouched is free
 *   <tr><td>thread-safety</td><td>all hot calls at once, also with the same CPU index, without
 *       locks; only who frees a part of a 2 MiB block waits for another who does the same. Of two
 *       frees of one block at the same instant one is refused
 *   <tr><td>size 0</td><td>a run of 0 frames is refused with an {@code IllegalArgumentException}
 *   <tr><td>exhaustion</td><td>{@code NONE}: no zone that the request may use has a block, in a tree
 *       or in a CPU's reservation. While others are at work, frames on their way are not seen
 *   <tr><td>transfer</td><td>rebuilds ranges of any length; exports and imports {@code
 *       physmem.llfree/1} in place between equal machines and tree sizes, neither with a store
 * </table>
 */
@NullMarked
package physmem.llfree;

import org.jspecify.annotations.NullMarked;
