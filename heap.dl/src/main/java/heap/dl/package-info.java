/**
 * A heap with boundary tags inside the managed memory, after dlmalloc 2.8.6 by Doug Lea.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 * <caption>heap.dl</caption>
 * <tr><td>model<td>dlmalloc 2.8.6 of 2012: the same offset and footprint after every call, also of
 * groups, bulk frees, resizes in place and trims, with footers and without, for one thread, growth
 * in place and no spans of their own; compared with the C original on the corpus's traces and on
 * some fifty random ones
 * <tr><td>alignment<td>16 bytes; any power of two on request
 * <tr><td>minimum block<td>a chunk of 32 bytes, 24 of them usable (16 with footers)
 * <tr><td>overhead per block<td>8 bytes (16 with footers), and up to 15 of rounding; 16 for a block
 * with its own span; none outside of simulated memory but about 900 bytes per heap
 * <tr><td>overhead per segment<td>80 bytes at its end
 * <tr><td>worst-case waste<td>a block may keep up to 31 bytes more than its rounded size; a page
 * that holds one small block cannot be given back, nor can any below it
 * <tr><td>allocate<td>constant for an exact small fit, the designated victim and top; at most 53
 * steps in a tree; linear in segments when the heap grows
 * <tr><td>free<td>constant, or at most 53 steps in a tree; linear in segments every 4095 large
 * frees
 * <tr><td>resize<td>as a free when it can stay, else allocate, copy and free
 * <tr><td>walk, census, statistics, checkInvariants<td>linear in chunks
 * <tr><td>thread-safety<td>safe; one lock per heap, setting {@code lock}; with {@code spaces} above 1,
 * one per space
 * <tr><td>spaces<td>1; up to 64, each a heap of its own for every so-many-th CPU ({@code mspace}s);
 * a byte per page of the window outside of simulated memory, and another 900 per space
 * <tr><td>reports<td>{@code mallinfo}, {@code malloc_stats}, {@code bins}, {@code segments},
 * {@code inspect}
 * <tr><td>size 0<td>a block of the smallest size with an address of its own
 * <tr><td>exhaustion<td>address 0, nothing changed; later calls may succeed
 * <tr><td>misuse<td>{@link allocator.api.MisuseException} or {@link
 * allocator.api.CorruptionException}, nothing changed
 * <tr><td>error from below<td>passed on with nothing changed; a free that only could not give memory
 * back afterwards succeeds, and tries later
 * <tr><td>transfer forms exported<td>{@code heap.dl/1}: linear in chunks with their own span, else
 * constant; none with several spaces
 * <tr><td>transfer forms imported<td>{@code heap.dl/1}: linear in segments and in chunks with their own
 * span; page, footers, mode and a fixed heap's capacity must be the predecessor's
 * </table>
 */
@NullMarked
package heap.dl;

import org.jspecify.annotations.NullMarked;
