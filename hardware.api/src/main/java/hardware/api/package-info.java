/**
 * What a machine offers to the software that runs on it: RAM, page tables, an MMU with a TLB, and
 * CPUs. The firmware map that says where RAM lies is in {@code hardware.api.map}.
 *
 * <p>Physical and virtual addresses are unsigned {@code long}s in bytes; a frame number is a
 * physical address divided by the page size.
 */
@Export
@Version("1.0.0")
@NullMarked
package hardware.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
