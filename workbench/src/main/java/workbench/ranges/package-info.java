/**
 * Replay of range traces: the vmem tier and page tables called as programs mapped memory. {@code
 * docs/tier-traces.md} defines every figure.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.ranges;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
