/**
 * Page frames from the arena engine of {@code allocator.arena}: {@link
 * physmem.arena.ArenaFramesProvider} opens it, {@link physmem.arena.ArenaFrames} is its principal
 * class and tells what the engine gave and what had to be added.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>Bonwick and Adams' vmem as illumos and libumem have it, with frames
 *       for addresses; zones of Linux 6.1
 *   <tr><td>alignment</td><td>a block of order <i>n</i> to 2<sup>n</sup> frames; runs as asked
 *   <tr><td>minimum block</td><td>1 frame; largest block 1024 frames; runs of any length
 *   <tr><td>overhead</td><td>40 bytes for each live block or run, each hole and each span of RAM, 4
 *       to 8 bytes for each live one in the table: 1.1 % of what is handed out as single frames,
 *       nothing for what is free; per CPU, zone and size up to 8 frames 768 bytes of magazine
 *   <tr><td>worst-case waste</td><td>none inside a block or run; outside, what the policy does
 *   <tr><td>allocate, free</td><td>order 0 to 3: O(1) without a lock while the CPU's magazine
 *       serves; order 0: O(1) by instant fit; other orders linear in the free segments that are large
 *       enough and have no aligned place
 *   <tr><td>allocate a named range or a run</td><td>linear in the free segments of the zone
 *   <tr><td>free a part of a run</td><td>the lesser of its distance from the run's start and the
 *       segments below it in its span; O(1) from the start
 *   <tr><td>walk, census</td><td>O(segments). <b>Zone reports</b>: O(free segments + free blocks)
 *   <tr><td>open</td><td>O(spans of RAM)
 *   <tr><td>thread-safety</td><td>all hot calls at once, also with the same CPU index; a lock per zone
 *   <tr><td>size 0</td><td>a run of 0 frames is refused with an {@code IllegalArgumentException}
 *   <tr><td>exhaustion</td><td>{@code NONE}, after the magazines of each zone tried have gone home;
 *       also if a zone's arena may have no more tags
 *   <tr><td>transfer</td><td>rebuilds ranges of any length, O(live ranges); no layout in place
 * </table>
 */
@NullMarked
package physmem.arena;

import org.jspecify.annotations.NullMarked;
