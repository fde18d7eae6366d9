/**
 * The heap tier: blocks of bytes, the {@code malloc} and {@code kmalloc} of the machine. Clients
 * use {@link heap.api.Heap} and open a {@link heap.api.HeapPort} on it; providers implement {@link
 * heap.api.HeapProvider} and {@link heap.api.HeapEngine}.
 *
 * <p>Addresses are virtual addresses of the kernel's half, so they are negative as signed numbers.
 * Address 0 is no block: it is the answer when memory is exhausted.
 */
@Export
@Version("1.1.0")
@NullMarked
package heap.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
