/**
 * The simulated machine: RAM in a sparse file of the host, x86-64 page tables in that RAM, and an
 * MMU per CPU that counts.
 *
 * <p><b>Vital statistics.</b>
 *
 * <ul>
 *   <li>Host: Linux on x86-64 or AArch64 with pages of 4 KiB.
 *   <li>Frame: 4 KiB. Largest machine: what the host's addresses hold, 64 TiB on x86-64.
 *   <li>Cost of a machine in the host: what is supplied, and one bit per frame that is touched.
 *   <li>Supplying frames that are there: one load per 64 frames. Attaching: one or two calls of the
 *       host, whatever the length. Mapping and unmapping: some nanoseconds per page in long runs.
 *   <li>Threads: RAM, windows and MMU are safe for several; one address space is changed by one at
 *       a time.
 *   <li>Exhaustion: no frame for a table is a value; no memory of the host is a {@link
 *       hardware.api.HostMemoryException}.
 * </ul>
 */
@NullMarked
package hardware.sim;

import org.jspecify.annotations.NullMarked;
