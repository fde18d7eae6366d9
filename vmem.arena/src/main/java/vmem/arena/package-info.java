/**
 * Address arenas: the arena engine of {@code allocator.arena}, which is Bonwick and Adams' vmem in
 * the form that libumem and illumos have it, as an allocator of addresses. Found as the service
 * {@code vmem.api.AddressProvider} with the name {@code arena}; configured as {@code vmem.arena}.
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
 *   <li><b>Free</b>: O(1); joining neighbours included. <b>Add a span</b>: linear in the spans
 *       above it. <b>Import</b>: O(1) and the source's cost. <b>Contains</b>: linear in the spans.
 *   <li><b>Threads</b>: any number; one lock an arena, dropped while a source is called.
 *   <li><b>Size 0</b>: a {@code MisuseException}. <b>Exhaustion</b>: {@code AddressArena.NONE},
 *       after the quantum caches have been drained once. Double free, foreign address and wrong
 *       size: a {@code MisuseException} and nothing changed.
 *   <li><b>Transfer</b>: exports no layout and adopts none; rebuilds from an {@code AddressEstate},
 *       O(live ranges): as they come if in order, else with up to six passes to sort them.
 * </ul>
 */
@NullMarked
package vmem.arena;

import org.jspecify.annotations.NullMarked;
