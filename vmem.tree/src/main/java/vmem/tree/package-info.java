/**
 * Linux's vmalloc as an allocator of addresses: {@link vmem.tree.TreeProvider} opens it under the
 * name {@code tree}, {@code TreeArena} is its principal class and tells how it works; configured as
 * {@code vmem.tree}.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>Linux 6.1, mm/vmalloc.c: one free tree, before the vmap nodes of 6.9
 *   <tr><td>alignment</td><td>the arena's quantum, any power of two; more by constraint
 *   <tr><td>minimum range</td><td>one quantum and its guard; a request keeps its exact size, the rest
 *       of its last quantum is waste
 *   <tr><td>overhead</td><td>40 bytes of the Java heap for each live range, free area, area that waits
 *       and span; 40 KiB at least for an arena; in the addresses one quantum a range
 *   <tr><td>worst-case waste</td><td>outside of ranges what fragmentation does under first fit; up to
 *       {@code lazy_max} freed bytes that wait
 *   <tr><td>allocate</td><td>O(log areas) for the search and the cut
 *   <tr><td>allocate within constraints</td><td>O(log areas) with alignment and limits, if the kernel's
 *       search finds a place; else, and with phase or boundary, linear in the free areas that are
 *       large enough
 *   <tr><td>free</td><td>O(log areas); who passes {@code lazy_max} purges all that waits, O(log areas)
 *       each
 *   <tr><td>add or import a span, contains</td><td>O(log areas)
 *   <tr><td>walk, census</td><td>O(areas), and 24 bytes for each of them meanwhile
 *   <tr><td>thread-safety</td><td>all calls at once; one lock per arena, dropped while a source is
 *       called or a visitor looks
 *   <tr><td>size 0</td><td>a {@code MisuseException}; so are a double free, a foreign address and a
 *       wrong size, and nothing has changed then
 *   <tr><td>exhaustion</td><td>{@code NONE}, after what waits has been purged if that may help
 *   <tr><td>transfer</td><td>rebuilds from an {@code AddressEstate} in O(live log live); imports and
 *       exports no layout
 * </table>
 *
 * <h2>Cost per operation</h2>
 *
 * <p>CPU time of one allocation and one free with its share of the purges, 1 to 8 pages at random,
 * half of the ranges freed at random before, so that free areas lie between; two CPUs, so 64 MiB
 * may wait. OpenJDK 25 on a shared virtual machine, 2026-11-28.
 *
 * <table>
 *   <caption>Nanoseconds</caption>
 *   <tr><th>live ranges</th><th>free areas</th><th>allocate</th><th>free</th></tr>
 *   <tr><td>10</td><td>3</td><td>300</td><td>320</td></tr>
 *   <tr><td>100</td><td>4</td><td>195</td><td>195</td></tr>
 *   <tr><td>1,000</td><td>3</td><td>200</td><td>180</td></tr>
 *   <tr><td>10,000</td><td>20</td><td>370</td><td>380</td></tr>
 *   <tr><td>100,000</td><td>10,000</td><td>1,350</td><td>1,800</td></tr>
 *   <tr><td>1,000,000</td><td>500,000</td><td>2,050</td><td>6,700</td></tr>
 * </table>
 *
 * <p>The logarithm is in the number of steps; beyond ten thousand areas each step is a cache miss,
 * and a free takes six walks (out of the live tree, into the one that waits, into the free tree,
 * and twice to look for a border).
 */
@NullMarked
package vmem.tree;

import org.jspecify.annotations.NullMarked;
