/**
 * Traces of the frame tier: which page frames a kernel allocated and freed, in what order and on
 * which CPU.
 *
 * <p>{@link trace.frames.FrameReader} reads them from Quarry's frame trace text or from the text of
 * Linux's {@code kmem} trace events; {@link trace.frames.FrameWriter} writes the former; {@link
 * trace.frames.FrameSummary} sums a trace up. The memory used grows with the number of blocks that
 * are live at once. No class is safe for use by several threads at once.
 */
@Export
@Version("1.0.0")
@NullMarked
package trace.frames;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
