/**
 * Traces of the range tier: which ranges of addresses programs mapped, unmapped and resized, in
 * which address space.
 *
 * <p>{@link trace.ranges.RangeReader} reads them from Quarry's range trace text or from a log of
 * {@code strace}; {@link trace.ranges.RangeWriter} writes the former; {@link
 * trace.ranges.RangeSummary} sums a trace up. The memory used grows with the number of ranges that
 * are live at once. No class is safe for use by several threads at once.
 */
@Export
@Version("1.0.0")
@NullMarked
package trace.ranges;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
