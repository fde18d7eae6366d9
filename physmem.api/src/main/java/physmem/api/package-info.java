/**
 * The physmem tier: page frames of RAM. Clients use {@link physmem.api.FrameAllocator} and open a
 * {@link physmem.api.FramePort} on it; providers implement {@link physmem.api.FrameProvider} and
 * {@link physmem.api.FrameEngine}.
 *
 * <p>Frames are numbered: number times page size is the physical address. A block of order <i>n</i>
 * is 2<sup>n</sup> frames whose first number is a multiple of 2<sup>n</sup>.
 */
@Export
@Version("1.1.0")
@NullMarked
package physmem.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
