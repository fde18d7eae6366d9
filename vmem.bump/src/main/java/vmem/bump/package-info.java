/**
 * An address allocator that only grows upward and never hands an address out again: {@link
 * vmem.bump.BumpProvider} opens it under the name {@code bump}, {@code BumpArena} is its principal
 * class and tells how it works; configured as {@code vmem.bump}.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 *   <caption>What it costs and what it promises</caption>
 *   <tr><td>modelled on</td><td>bump allocation of a kernel's address window; addresses used once and
 *       frames given back as in FFmalloc
 *   <tr><td>alignment</td><td>the arena's quantum, any power of two; more by constraint
 *   <tr><td>minimum range</td><td>one quantum; a request keeps its exact size, the rest of its last
 *       quantum is waste
 *   <tr><td>overhead</td><td>per live range 21 to 100 bytes of the Java heap, mostly 33 to 52; per
 *       freed range nothing; at least 4 KiB per arena; 29 to 58 bytes per span. A shrunken table keeps
 *       its directory, 4 bytes for about a hundred ranges of its peak
 *   <tr><td>worst-case waste</td><td>every address below a frontier that is not live, for good
 *   <tr><td>allocate</td><td>O(1) while the lowest span that is not full has room; else linear in the
 *       spans that have a rest
 *   <tr><td>allocate within constraints</td><td>linear in the spans from the lower limit on
 *   <tr><td>free</td><td>O(log spans); of an imported span's last range linear in the spans, and the
 *       source's cost
 *   <tr><td>add or import a span</td><td>linear in the spans above it; contains: O(log spans)
 *   <tr><td>walk, census</td><td>O(live ranges), and 32 bytes for each of them meanwhile
 *   <tr><td>thread-safety</td><td>all calls at once; one lock per arena, dropped while a source is
 *       called or a visitor looks
 *   <tr><td>size 0</td><td>a {@code MisuseException}; so are a double free, a foreign address and a
 *       wrong size, and nothing has changed then
 *   <tr><td>exhaustion</td><td>{@code NONE}, and for good unless a span is added or the source has one;
 *       {@code left}, {@code calls_left}, {@code rate} and {@code seconds_left} of the figures and the
 *       report {@code forecast} foretell it
 *   <tr><td>transfer</td><td>from its like with frontiers and counts, layout {@code vmem.bump/1},
 *       unless an arena imports; else rebuilds from an {@code AddressEstate}; O(live ranges + spans)
 * </table>
 */
@NullMarked
package vmem.bump;

import org.jspecify.annotations.NullMarked;
