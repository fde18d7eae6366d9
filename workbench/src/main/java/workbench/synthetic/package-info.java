/**
 * Benchmarks that allocator papers and kernels measure with, made anew from their descriptions, on
 * threads of their own: {@code docs/workloads.md} says what each does and where it comes from.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.synthetic;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
