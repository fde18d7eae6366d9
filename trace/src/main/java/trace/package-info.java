/**
 * Allocation traces of real programs: reading, writing, summing up, generating and replaying them.
 *
 * <p>A trace is the sequence of calls that a program made to its allocator, with block ids in place
 * of addresses. {@link trace.TraceReader} reads it from a file in any of several formats and yields
 * {@linkplain trace.EventBatch batches} of primitive arrays; {@link trace.SyntheticTrace} makes one
 * up from a seed; {@link trace.Replayer} runs either of them through a heap; {@link
 * trace.TraceWriter} writes Quarry's text form; {@link trace.TraceSummary} says what a trace holds.
 *
 * <p>The memory used by all of them grows with the number of blocks that are live at once, never
 * with the length of the trace. No class of this package is safe for use by several threads at
 * once.
 */
@Export
@Version("1.0.0")
@NullMarked
package trace;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
