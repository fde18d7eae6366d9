/**
 * The arena of Bonwick and Adams' vmem as a library: a set of integers, handed out in disjoint
 * ranges, with every fact about a range in a boundary tag outside whatever the integers mean.
 *
 * <p>It serves no tier itself. {@code vmem.arena}, {@code physmem.arena} and {@code heap.arena}
 * make {@link allocator.arena.Arena}s of addresses, of page frames and of heap bytes, and each is a
 * thin adapter from its tier's interface. What it knows of Quarry is {@code allocator.api}:
 * exceptions, visitors, statistics and settings.
 *
 * <h2>Vital statistics</h2>
 *
 * <ul>
 *   <li><b>Alignment</b>: the arena's quantum, any power of two; more by constraint.
 *   <li><b>Minimum block</b>: one quantum; a request keeps its exact size, the rest of its last
 *       quantum is waste.
 *   <li><b>Overhead</b>: 40 bytes for each live, free or span segment, 4 to 8 bytes for each live
 *       one in the table; nothing in the memory managed.
 *   <li><b>Worst-case waste</b>: one quantum less a byte inside a range; outside, what
 *       fragmentation does under the policy chosen.
 *   <li><b>Allocate</b>: instant fit O(1); next fit O(1) while the segment behind the rotor
 *       suffices, else linear in the segments; best and first fit linear in one free list. From a
 *       quantum cache O(1) without a lock.
 *   <li><b>Allocate within constraints</b>: linear in the free lists that may hold a fit.
 *   <li><b>Free</b>: O(1); joining neighbours included. <b>Resize in place</b>: O(1). <b>Add a
 *       span</b>: linear in the spans above it. <b>Import</b>: O(1) and the source's cost.
 *       <b>Contains</b>: linear in the spans. <b>Free any part</b>: O(1) for each segment freed,
 *       and to find the first of them the lesser of the distance to its base and the segments below
 *       it.
 *   <li><b>Threads</b>: any number; one lock an arena, dropped while a source is called.
 *   <li><b>Size 0</b>: a {@code MisuseException}. <b>Exhaustion</b>: {@code Arena.NONE}, after the
 *       quantum caches have been drained once. Double free, foreign base and wrong size: a {@code
 *       MisuseException} and nothing changed.
 *   <li><b>Limits</b>: 2^28 tags an arena (settable), 2^64 integers, 23 bits of note on a live
 *       range.
 *   <li><b>Transfer</b>: {@link allocator.arena.Heritage} builds spans and live ranges anew, O(live
 *       ranges): as they come if in order, else with up to six passes to sort them.
 * </ul>
 */
@Export
@Version("1.0.0")
@NullMarked
package allocator.arena;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
