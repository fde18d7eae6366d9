/**
 * A heap of zones after XNU 11417.101.15: {@code zalloc} for elements of one type or size, {@code
 * kalloc} for sizes, whole pages above. {@link heap.zone.ZoneProvider} opens it, {@link
 * heap.zone.ZoneHeap} is its principal class and tells how it works.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 * <caption>heap.zone</caption>
 * <tr><td>alignment<td>16 bytes; a class that is a power of two to its size, up to a page; any power
 * of two on request
 * <tr><td>size classes<td>16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1K, 1.5K, 2K, 3K, 4K,
 * 6K, 8K, 12K, 16K, with {@code kalloc.max=32K} also 24K, 32K; or the 27 or 29 of {@code
 * kalloc.type}; above, whole pages
 * <tr><td>minimum block<td>16 bytes
 * <tr><td>overhead per block<td>none in simulated memory; outside, a bit per element of a chunk and 8
 * bytes for one in a magazine; per page of 4 KiB 16 bytes of metadata and 64 of live marks (2 %),
 * kept for addresses once used
 * <tr><td>worst-case waste<td>a third of a block, half of one of 16 or 32 bytes, less a byte; a page
 * less a byte for a large one; a chunk stays as long as one of its elements is live, and its
 * addresses stay the zone's for good
 * <tr><td>addresses<td>about a quarter more than chunks need, for guards; at most {@code map.bytes}
 * <tr><td>allocate, free<td>constant, with the zone's lock or with magazines; O(elements of a chunk)
 * where a chunk gets or loses its frames
 * <tr><td>resize<td>constant where the block stays in its class or its pages, else allocate, copy and
 * free
 * <tr><td>large blocks<td>the cost of the tier below
 * <tr><td>walk, census<td>O(pages of addresses ever used)
 * <tr><td>drain<td>O(zones * CPUs * 128 KiB of elements)
 * <tr><td>trim<td>O(zones + cached elements + chunks given back)
 * <tr><td>thread-safety<td>all hot calls at once, also with the same CPU index. Of two frees of one
 * block at the same instant one fails
 * <tr><td>size 0<td>a block of 16 bytes with an address of its own
 * <tr><td>exhaustion<td>address 0, nothing changed; all zones were reclaimed before, and the largest
 * is noted
 * <tr><td>misuse<td>{@link allocator.api.MisuseException}, nothing changed
 * <tr><td>object caches<td>zones of their own: objects up to 32 KiB, aligned up to a page, at most
 * 1022 zones; others are left to the slot
 * <tr><td>reports<td>{@code zprint} ({@code zprint -L}), {@code zprint-wt} ({@code zprint -L -w -t}),
 * {@code zones}, {@code exhaustion}
 * <tr><td>transfer forms exported<td>none; live blocks stay as lodgers
 * <tr><td>transfer forms imported<td>none
 * </table>
 */
@NullMarked
package heap.zone;

import org.jspecify.annotations.NullMarked;
