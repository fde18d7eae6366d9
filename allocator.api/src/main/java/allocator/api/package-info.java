/**
 * What the three allocator tiers share: the tier itself, the life cycle of an allocator, the census
 * of live ranges, statistics, settings, the contract of a live swap, and the exceptions.
 *
 * <p>An allocator hands out disjoint ranges of a resource and imports the resource in larger ranges
 * from a parent. Page frames, virtual addresses and heap bytes are three instances of that one
 * concept; the types here are what remains when the unit is left open.
 *
 * <p>All addresses, frame numbers and sizes are {@code long}. Addresses are unsigned: the kernel
 * half of an address space has its top bit set, so compare with {@link Long#compareUnsigned}.
 */
@Export
@Version("1.1.0")
@NullMarked
package allocator.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
