/**
 * The vmem tier: ranges of addresses, or of any other integers. Clients use {@link
 * vmem.api.AddressAllocator} and the {@link vmem.api.AddressArena}s it makes; providers implement
 * {@link vmem.api.AddressProvider}, {@link vmem.api.AddressEngine} and {@link
 * vmem.api.AddressArena}.
 *
 * <p>An arena is a set of integers handed out in disjoint ranges. It is filled with spans, either
 * added by hand or imported from a source as needed; an imported span that is entirely free goes
 * back to its source. This is the model of Bonwick and Adams, "Magazines and Vmem" (USENIX 2001).
 */
@Export
@Version("1.1.0")
@NullMarked
package vmem.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
