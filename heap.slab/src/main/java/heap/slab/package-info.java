/**
 * A heap of size classes and object caches over slabs, after Jeff Bonwick's slab allocator (1994)
 * and its magazines (2001), with the size classes of Linux's {@code kmalloc}: {@link
 * heap.slab.SlabProvider} opens it, {@link heap.slab.SlabHeap} is its principal class and tells how
 * it works.
 *
 * <h2>Vital statistics</h2>
 *
 * <table>
 * <caption>heap.slab</caption>
 * <tr><td>alignment<td>8 bytes; a class that is a power of two to its size, up to a page, and 96
 * and 192 to 32 and 64; any power of two on request
 * <tr><td>model<td>Bonwick 1994 and 2001; size classes and geometry of Linux 6.1 (SLUB), the same in
 * 6.12: objects and pages per slab equal those of all 1,758 cache lines of twelve machines'
 * {@code slabinfo}; or, as a setting, the original's geometry
 * <tr><td>size classes<td>8, 16, 32, 64, 96, 128, 192, 256, 512, 1K, 2K, 4K, 8K; above, whole pages,
 * up to 64K (setting) cut from extents
 * <tr><td>minimum block<td>8 bytes
 * <tr><td>overhead per block<td>none in simulated memory; outside, a bit per object in its slab and
 * 8 bytes for one that lies in a magazine; for each page in use of 4 KiB, 64 bytes of live marks and
 * 10 of owners (1.8 %), kept for addresses once used; for each slab 29 bytes; with {@code audit} 16
 * per object; with {@code geometry=bonwick} 56 to 72 bytes in each slab of small objects
 * <tr><td>worst-case waste<td>half of a block less a byte, rounding up to a class, and a page less a
 * byte for a large one; at the end of a slab, at most 1/16 in size classes; a slab stays as long as
 * one of its objects is live, and so does an extent; 4 KiB and a few bytes, as databases like to ask
 * for, take 8 KiB
 * <tr><td>allocate, free<td>constant from and to a magazine; O(rounds) where a magazine is filled;
 * O(objects of a slab) where a slab is made or given up
 * <tr><td>resize<td>constant where the block stays, else allocate, copy and free
 * <tr><td>large blocks<td>to 16 pages a search in one word of 64 pages; above, the cost of the tier
 * below
 * <tr><td>measured<td>a pair of 64 bytes 17 to 24 ns, where its three atomic instructions alone take
 * 18 to 20 (heap.dl, 19 to 23); in batches of 1,024, 20 to 28 ns a pair (heap.dl, 34 to 40). Traces, times of
 * heap.dl in the same run: perl-words 1.1, python3-threads 0.8 to 1.1, sqlite3-words 1.2, nginx-ab
 * 1.0, git-log-stat 1.5, redis-benchmark 0.8, gcc-cc1 0.9; with {@code large.bytes=0} sqlite3-words
 * 1.7, nginx-ab 3.7, git-log-stat 1.95. Medians of alternated rounds, two cores of a shared machine
 * <tr><td>walk, census<td>O(1 MiB regions ever used + bytes in slabs / 64)
 * <tr><td>drain<td>O(caches * CPUs * rounds)
 * <tr><td>trim<td>O(free objects in magazines and depots + slabs given up)
 * <tr><td>thread-safety<td>all hot calls at once, also with the same CPU index; a magazine that is
 * busy is passed by. Of two frees of one block at the same instant one fails
 * <tr><td>size 0<td>a block of 8 bytes with an address of its own
 * <tr><td>exhaustion<td>address 0, nothing changed; all caches have been reaped before
 * <tr><td>misuse<td>{@link allocator.api.MisuseException}, nothing changed; with {@code poison},
 * {@code redzone} or {@code geometry=bonwick} also {@link allocator.api.CorruptionException}
 * <tr><td>reports<td>{@code slabinfo}, byte for byte in the form of version 2.1; {@code kmastat}, as mdb
 * prints it; {@code audit}, the
 * oldest live objects
 * <tr><td>object caches<td>objects up to 8 pages, aligned up to a page; others are left to the slot
 * <tr><td>transfer forms exported<td>none; live blocks stay as lodgers
 * <tr><td>transfer forms imported<td>none
 * </table>
 */
@NullMarked
package heap.slab;

import org.jspecify.annotations.NullMarked;
