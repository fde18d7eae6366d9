/**
 * Replay of frame traces: the physmem tier called as a kernel called its page allocator. {@code
 * docs/tier-traces.md} defines every figure.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.frames;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
