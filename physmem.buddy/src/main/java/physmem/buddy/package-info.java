/**
 * A binary buddy allocator of page frames as Linux has it: {@link physmem.buddy.BuddyProvider}
 * opens it, {@link physmem.buddy.BuddyFrames} is its principal class and tells how it works.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>Linux 6.1 ({@code mm/page_alloc.c}); claim and steal of 6.15.
 *       Watermarks, reserves, per-CPU sizes and the reports are those of 6.1 on x86-64
 *   <tr><td>alignment</td><td>a block of order <i>n</i> to 2<sup>n</sup> frames; runs as asked
 *   <tr><td>minimum block</td><td>1 frame; largest block 1024 frames; runs of any length
 *   <tr><td>overhead</td><td>at most 0.038 % of RAM, in host memory outside the frames: 1 byte per
 *       frame and 264 bytes per pageblock of 512 frames where RAM was used; 5 bytes per pageblock
 *       everywhere: 10 MiB for an untouched machine of 4 TiB. Per-CPU lists: 8 bytes per entry
 *   <tr><td>worst-case waste</td><td>none inside a block of a power of two; none in runs
 *   <tr><td>allocate, free</td><td>O(1) from and to a per-CPU list; else O(orders) splits or merges
 *   <tr><td>allocate a named range, free a range</td><td>O(blocks in it)
 *   <tr><td>allocate a run</td><td>O(pageblocks + free blocks passed)
 *   <tr><td>walk, census</td><td>O(pageblocks / 8 + frames of busy pageblocks / 8)
 *   <tr><td>open</td><td>O(free blocks of the largest order)
 *   <tr><td>thread-safety</td><td>all hot calls at once, also with the same CPU index; a per-CPU
 *       list that is busy is passed by, a zone's lock is waited for. Two frees of one frame at the same
 *       instant are not told apart
 *   <tr><td>size 0</td><td>a run of 0 frames is refused with an {@code IllegalArgumentException}
 *   <tr><td>exhaustion</td><td>{@code NONE}; by default only when no zone that the request may use,
 *       and no per-CPU list, has a block left
 *   <tr><td>transfer</td><td>rebuilds ranges of any length, O(ranges + pageblocks touched), blocks of
 *       an order above 10 excepted; 65 bytes of scratch per pageblock touched; imports and exports no
 *       layout
 * </table>
 */
@NullMarked
package physmem.buddy;

import org.jspecify.annotations.NullMarked;
