/**
 * A heap with constant-time calls, after TLSF.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 * <caption>heap.tlsf</caption>
 * <tr><td>model<td>TLSF: two-level segregated fit, good fit; Masmano, Ripoll, Crespo, Real 2004
 * <tr><td>alignment<td>16 bytes; any power of two on request
 * <tr><td>minimum block<td>32 bytes, 24 of them usable; setting {@code block.least}
 * <tr><td>overhead per block<td>8 bytes, and up to 15 of rounding; none outside of simulated memory
 * but some 13 KB per heap
 * <tr><td>overhead per pool<td>16 bytes
 * <tr><td>worst-case waste<td>a request of r bytes is met from a list of at least r(1 + 1/32), so a
 * free block of up to that size may be passed over; a live block has up to 31 bytes more than asked
 * <tr><td>allocate<td>constant: two bit scans, one list; up to four calls below when the heap grows
 * <tr><td>free<td>constant, and log2(pools) steps to find the address's pool
 * <tr><td>resize<td>as a free when it can stay, else allocate, copy and free
 * <tr><td>misuse<td>typed errors, nothing changed; linear in the pool's blocks
 * <tr><td>walk, census, checkInvariants<td>linear in blocks; the check also in the lists
 * <tr><td>statistics, report {@code tlsf}<td>constant, without the lock
 * <tr><td>thread-safety<td>safe; one lock per heap
 * <tr><td>size 0<td>a block of the smallest size with an address of its own
 * <tr><td>exhaustion<td>address 0, nothing changed; later calls may succeed
 * <tr><td>error from below<td>passed on with nothing changed; a free that only could not give memory
 * back succeeds, and the memory goes back later
 * <tr><td>transfer forms<td>none: live blocks stay where they are and the kernel keeps them
 * </table>
 */
@NullMarked
package heap.tlsf;

import org.jspecify.annotations.NullMarked;
