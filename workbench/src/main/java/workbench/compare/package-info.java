/**
 * Comparisons: a matrix of traces, stacks, maps and settings, a cell for each combination, and what
 * the cells' figures say beside each other. {@code docs/compare.md} defines every figure.
 *
 * <p>Vital statistics: a counted run costs 0.3 to 1 µs per event beyond the allocator's own time,
 * and 40 bytes per block of the trace's largest live set; a finished cell is one line of 10 to 200
 * KB in the state file.
 */
@Export
@Version("1.0.0")
@NullMarked
package workbench.compare;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
