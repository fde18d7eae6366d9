/**
 * A heap from the arena engine of {@code allocator.arena}: {@link heap.arena.ArenaHeapProvider}
 * opens it, {@link heap.arena.ArenaHeap} is its principal class and tells what the engine gave and
 * what had to be added.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>Bonwick and Adams' vmem as illumos and libumem have it, with heap
 *       bytes for addresses
 *   <tr><td>alignment</td><td>16 bytes; more on request
 *   <tr><td>minimum block</td><td>16 bytes; largest 64 TiB
 *   <tr><td>overhead</td><td>44 to 48 bytes of host memory for each block, 40 for each hole and each
 *       span; in the heap's memory nothing
 *   <tr><td>worst-case waste</td><td>15 bytes inside a block; spans are whole pages, 256 KiB at least
 *   <tr><td>allocate</td><td>up to 256 bytes O(1) without a lock while the CPU's magazine serves; else
 *       instant fit O(1), best and first fit linear in one free list, and an import if nothing fits
 *   <tr><td>aligned</td><td>linear in the free lists that may hold a fit
 *   <tr><td>free, usable size</td><td>O(1). <b>Resize</b>: O(1) where the next segment is free and
 *       suffices, and to shrink; else a copy
 *   <tr><td>thread-safety</td><td>any number of threads, also with the same CPU index; one lock,
 *       dropped while memory is imported or given back
 *   <tr><td>size 0</td><td>a block of 16 bytes with an address of its own
 *   <tr><td>exhaustion</td><td>0: no room, and the limit, the tier below or the number of tags allows
 *       no import, after magazines and kept spans went home
 *   <tr><td>transfer</td><td>rebuilds the blocks of any heap whose blocks begin at multiples of 16 and
 *       share no 16 bytes, O(blocks); refuses others, so that they lodge
 * </table>
 */
@NullMarked
package heap.arena;

import org.jspecify.annotations.NullMarked;
